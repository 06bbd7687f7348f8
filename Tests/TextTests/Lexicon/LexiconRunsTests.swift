import Testing

@testable import Text

@Suite("Lexicon in a text")
struct LexiconRunsTests {
  private func text(_ text: String, _ entries: [String: String], _ language: Language = .english) throws
    -> String
  {
    let runs = try Lexicon([language.code: entries]).runs(of: text, language: language)
    return runs.map { run in
      switch run {
      case .text(let text): text
      case .ipa(let ipa): "/\(ipa)/"
      }
    }.joined(separator: "|")
  }

  @Test("replaces whole words and leaves the rest as it was")
  func wholeWords() throws {
    let entries = ["nginx": "engine X"]
    #expect(try text("Use nginx, (nginx) nginx!", entries) == "Use engine X, (engine X) engine X!")
    #expect(try text("nginxes mynginx nginx2 nginx_", entries) == "nginxes mynginx nginx2 engine X_")
  }

  @Test("gives IPA as runs of their own")
  func ipa() throws {
    let lexicon = try Lexicon(["en": ["Siobhan": "/ʃɪˈvɔːn/"]])
    #expect(
      lexicon.runs(of: "I met Siobhan today.", language: .english) == [
        .text("I met "), .ipa("ʃɪˈvɔːn"), .text(" today."),
      ])
    #expect(lexicon.runs(of: "Siobhan", language: .english) == [.ipa("ʃɪˈvɔːn")])
  }

  @Test("matches small letters in any case, and capitals exactly")
  func letterCase() throws {
    #expect(try text("sql SQL Sql", ["sql": "sequel"]) == "sequel sequel sequel")
    #expect(try text("us US Us", ["US": "U S"]) == "us U S Us")
    #expect(try text("us US Us", ["US": "U S", "us": "uss"]) == "uss U S uss")
  }

  @Test("takes the longest entry first, across any white space")
  func longestFirst() throws {
    let entries = ["york": "yourk", "new york": "noo yourk", "new york city": "the city"]
    #expect(try text("New York City", entries) == "the city")
    #expect(try text("New\n  York state", entries) == "noo yourk state")
    #expect(try text("new yorker", entries) == "new yorker")
    #expect(try text("old York", entries) == "old yourk")
  }

  @Test("keeps words apart when the text between them is normalised")
  func normalized() throws {
    let lexicon = try Lexicon(["en": ["Siobhan": "/x/"]])
    let normalizer = TextNormalizer(language: .english)
    let runs = lexicon.runs(of: "I met Siobhan 5 Siobhan \n Siobhan.", language: .english)
    #expect(
      runs.map { $0.normalized(by: normalizer) } == [
        .text("I met "), .ipa("x"), .text(" five "), .ipa("x"), .text(" \n "), .ipa("x"), .text("."),
      ])
  }

  @Test("does not replace within what it has put in")
  func noRecursion() throws {
    #expect(try text("a b", ["a": "b", "b": "a"]) == "b a")
  }

  @Test(
    "gives a possessive the sound it has after the word",
    arguments: [
      ("/ʃɪˈvɔːn/", "ʃɪˈvɔːnz"), ("/mæks/", "mæksɪz"), ("/kɛnt/", "kɛnts"), ("/aɪə/", "aɪəz"),
    ])
  func possessives(ipa: String, sound: String) throws {
    #expect(try text("Kiev's cat", ["Kiev": ipa]) == "/\(sound)/| cat")
    #expect(try text("Kiev’s", ["Kiev": ipa]) == "/\(sound)/")
  }

  @Test("keeps a possessive's letters after a respelling")
  func respeltPossessive() throws {
    #expect(try text("Siobhan's", ["Siobhan": "shivawn"]) == "shivawn's")
  }

  @Test("takes no part of a contraction for a word, in English only")
  func contractions() throws {
    #expect(try text("don't don", ["don": "dawn"]) == "don't dawn")
    #expect(try text("rock 'n' roll", ["n": "en"]) == "rock 'en' roll")
    #expect(try text("l'homme", ["homme": "om"], .french) == "l'om")
    #expect(try text("Ankara'da", ["ankara": "an kara"], .turkish) == "an kara'da")
  }

  @Test("treats both apostrophes alike")
  func apostrophes() throws {
    #expect(try text("O’Neil and O'Neil", ["O'Neil": "oh neel"]) == "oh neel and oh neel")
    #expect(try text("o'clock", ["o’clock": "uh clock"]) == "uh clock")
  }

  @Test("matches words with symbols")
  func symbols() throws {
    let entries = ["C++": "C plus plus", "C": "see", ".net": "dot net", "at&t": "A T and T", "→": "to"]
    #expect(try text("C++ and C", entries) == "C plus plus and see")
    #expect(try text("Use .NET, AT&T", entries) == "Use dot net, A T and T")
    #expect(try text("a → b", entries) == "a to b")
  }

  @Test("matches composed and decomposed letters alike")
  func canonicalEquivalence() throws {
    #expect(try text("cafe\u{301} bar", ["café": "kaffay"]) == "kaffay bar")
    #expect(
      try text("\u{1112}\u{1161}\u{11AB}\u{1100}\u{1173}\u{11AF}", ["한글": "han geul"], .korean) == "han geul")
  }

  @Test("finds Korean nouns with their particles, and no other word that begins alike")
  func korean() throws {
    let entries = ["서울": "서어울", "깃허브": "/kit̚hʌbɯ/"]
    #expect(try text("서울은 크다. 서울에서는 서울!", entries, .korean) == "서어울은 크다. 서어울에서는 서어울!")
    #expect(try text("서울역 남서울", entries, .korean) == "서울역 남서울")
    #expect(try text("깃허브를 써요", entries, .korean) == "/kit̚hʌbɯ/|를 써요")
    #expect(try text("서울은 은", ["서울": "서어울", "은": "으은"], .korean) == "서어울은 으은")
    #expect(try text("API는 좋다", ["API": "에이피아이"], .korean) == "에이피아이는 좋다")
  }

  @Test("finds Japanese and Chinese words anywhere, and Latin words in them whole")
  func spacelessScripts() throws {
    #expect(try text("東京都に行く", ["東京": "トーキョー"], .japanese) == "トーキョー都に行く")
    #expect(try text("nginxを使う、mynginxも", ["nginx": "エンジンエックス"], .japanese) == "エンジンエックスを使う、mynginxも")
    #expect(try text("我在重庆工作", ["重庆": "虫庆"], .chinese) == "我在虫庆工作")
  }

  @Test("folds capitals as Turkish and Greek do")
  func folding() throws {
    #expect(try text("IŞIK ışık", ["ışık": "x"], .turkish) == "x x")
    #expect(try text("İZMİR", ["izmir": "x"], .turkish) == "x")
    #expect(try text("ΟΔΟΣ", ["οδος": "x"], .greek) == "x")
  }

  @Test("respells for a voice without IPA, and leaves words that have nothing but IPA")
  func respelled() throws {
    let lexicon = try Lexicon(["en": ["nginx": "engine X", "Siobhan": "/ʃɪˈvɔːn/", "Siobhan Lee": "/x/"]])
    #expect(lexicon.respelled("Siobhan Lee's nginx", language: .english) == "Siobhan Lee's engine X")
    #expect(lexicon.respelled("nginx", language: .german) == "nginx")
  }

  @Test("applies the entries of its own language only")
  func otherLanguages() throws {
    let lexicon = try Lexicon(["de": ["handy": "händi"]])
    #expect(lexicon.runs(of: "handy", language: .english) == [.text("handy")])
    #expect(lexicon.runs(of: "", language: .english).isEmpty)
    #expect(lexicon.runs(of: "", language: .german).isEmpty)
  }

  @Test("looks up a long text in 10,000 entries that all begin alike")
  func manyEntries() throws {
    let words = Dictionary(uniqueKeysWithValues: (0..<10_000).map { ("a a a a a a a a \($0)", "x") })
    let lexicon = try Lexicon(["en": words])
    let text = String(repeating: "a ", count: 20_000)
    #expect(lexicon.runs(of: text, language: .english) == [.text(text)])
    #expect(lexicon.runs(of: "a a a a a a a a 9999", language: .english) == [.text("x")])
  }
}
