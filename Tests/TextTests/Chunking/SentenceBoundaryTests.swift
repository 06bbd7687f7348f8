import Testing

@testable import Text

@Suite("Sentence boundaries")
struct SentenceBoundaryTests {
  @Test(
    "finds the two sentences of every language",
    arguments: [
      (.arabic, "كيف حالك؟", "أنا بخير."), (.danish, "Hvordan går det?", "Det går godt."),
      (.german, "Wie geht es dir?", "Mir geht es gut."), (.greek, "Τι κάνεις;", "Είμαι καλά."),
      (.english, "How are you?", "I am fine."), (.spanish, "¡Hola, amigo!", "¿Cómo estás?"),
      (.finnish, "Mitä kuuluu?", "Kiitos hyvää."), (.french, "Comment ça va ?", "Très bien !"),
      (.hebrew, "מה שלומך?", "אני בסדר."), (.hindi, "आप कैसे हैं?", "मैं ठीक हूँ।"),
      (.italian, "Come stai?", "Sto bene."), (.japanese, "元気ですか？", "元気です。"),
      (.korean, "잘 지내세요?", "네, 잘 지냅니다."), (.malay, "Apa khabar?", "Khabar baik."),
      (.dutch, "Hoe gaat het?", "Het gaat goed."), (.norwegian, "Hvordan går det?", "Det går bra."),
      (.polish, "Jak się masz?", "Mam się dobrze."), (.portuguese, "Como você está?", "Estou bem."),
      (.russian, "Как дела?", "Всё хорошо."), (.swedish, "Hur mår du?", "Jag mår bra."),
      (.swahili, "Habari gani?", "Nzuri sana."), (.turkish, "Nasılsın?", "İyiyim."),
      (.chinese, "你好吗？", "我很好。"),
    ] as [(Language, String, String)])
  func everyLanguage(language: Language, first: String, second: String) {
    #expect(sentences("\(first) \(second)", language) == [first, second])
    #expect(sentences("\(first)\n\n\(second)", language) == [first, second])
  }

  @Test(
    "parts sentences without a space where the script has none",
    arguments: [
      (.chinese, "你好！我很好。", ["你好！", "我很好。"]), (.chinese, "你好!我很好.再见", ["你好!", "我很好.", "再见"]),
      (.japanese, "雨です｡傘は?ない。", ["雨です｡", "傘は?", "ない。"]), (.hindi, "राम आया।वह गया॥", ["राम आया।", "वह गया॥"]),
      (.arabic, "متى؟غدا.", ["متى؟", "غدا."]), (.chinese, "他说：“不。”然后走了。", ["他说：“不。”", "然后走了。"]),
    ] as [(Language, String, [String])])
  func withoutSpaces(language: Language, text: String, expected: [String]) {
    #expect(sentences(text, language) == expected)
  }

  @Test(
    "never ends a sentence inside an abbreviation, a number, an address or an ellipsis",
    arguments: [
      (.english, "I met Dr. Kim, Mr. Lee and Prof. Park."), (.english, "Fruit, e.g. Apples, i.e. Food."),
      (.english, "The U.S. Army left at 5 a.m. Eastern."), (.english, "J. R. R. Tolkien wrote it."),
      (.english, "Pi is 3.14 and not 1,000."), (.english, "See No. 5 on Jan. 3 in St. Louis vs. Mt. Hood."),
      (.english, "Go to https://a.org/b.html?c=d.e&f=1 now."), (.english, "Mail a.b@example.com today."),
      (.english, "Wait... what? "), (.english, "Wait… what?"), (.english, "Version 2.0.1 of Node.js works."),
      (.english, "He has a Ph.D. From Yale."), (.english, "It was approx. five."),
      (.english, "The std. dev. of it is small."), (.chinese, "圆周率是３．１４，现在１０：３０。"),
      (.german, "Das ist z.B. Hr. Müller, d. h. er, am 3. Mai bzw. Juni."),
      (.german, "Der 1. FC Köln spielt."),
      (.spanish, "El Sr. García, p.ej. la Dra. López, vive en Avda. América."),
      (.french, "M. Dupont et Mme. Curie."),
      (.italian, "Il Sig. Rossi e il Dott. Bianchi."), (.portuguese, "O Sr. Silva e a Dra. Souza."),
      (.dutch, "Dhr. Jansen, bijv. Piet."), (.russian, "В 1990 г. Он, т.е. А. С. Пушкин, жил на ул. Ленина."),
      (.polish, "Dr hab. Kowalski mieszka na ul. Długiej."), (.greek, "Ο κ. Παπάς και ο Δρ. Νίκου."),
      (.turkish, "Sn. Yılmaz 2. Cadde üzerinde, bkz. Harita."),
      (.norwegian, "Det var 17. Mai, f.eks. Kl. 12."),
      (.arabic, "هذا د. أحمد."), (.hindi, "यह डॉ. शर्मा हैं।"), (.finnish, "Se oli 6. Joulukuuta, esim. Hra. Aho."),
      (.danish, "Hr. Hansen bor, f.eks. Her."), (.swedish, "Det är t.ex. Hr. Berg."), (.hebrew, "זה ד. כהן."),
      (.swahili, "Bw. Juma na Dkt. Ali."), (.malay, "En. Ahmad dan Pn. Siti."),
    ] as [(Language, String)])
  func oneSentence(language: Language, text: String) {
    #expect(sentences(text, language).count == 1)
  }

  @Test(
    "ends a sentence all the same after a figure, an address, an initialism's like",
    arguments: [
      ("It costs 3.14. Then more.", 2), ("He is 30. She is 31.", 2), ("He said no. Then he left.", 2),
      ("Visit example.com. Then call.", 2), ("See a.org/b?c=d. Mail us.", 2), ("It does 5 km/h. Good.", 2),
      ("Apples, pears, etc. Then more.", 2), ("hello there. how are things. bye", 3),
      ("Really?! Yes!!! Ok.", 3),
      ("It is 5%. That is (much). Good.", 3), ("One... Two… Three.", 3),
    ])
  func severalSentences(text: String, count: Int) {
    #expect(sentences(text).count == count)
  }

  @Test("gives closing quotation marks and brackets to the sentence they close")
  func closingMarks() {
    #expect(sentences("He said \"No.\" Then he left.") == ["He said \"No.\"", "Then he left."])
    #expect(sentences("(Yes.) “No!” ‘Oh?’ End") == ["(Yes.)", "“No!”", "‘Oh?’", "End"])
    #expect(sentences("Er sagte: „Nein.“ Dann ging er.", .german) == ["Er sagte: „Nein.“", "Dann ging er."])
    #expect(sentences("Il dit « Non. » Puis il part.", .french) == ["Il dit « Non. »", "Puis il part."])
    #expect(sentences("他走了。“好。”她说。", .chinese) == ["他走了。", "“好。”", "她说。"])
    #expect(sentences("「はい。」「いいえ。」", .japanese) == ["「はい。」", "「いいえ。」"])
  }

  @Test("goes on after a quotation inside a sentence")
  func quotationInside() {
    #expect(sentences("\"Stop!\" he said.").count == 1)
    #expect(sentences("“Why?” asked Ann. “So.”") == ["“Why?” asked Ann.", "“So.”"])
    #expect(sentences("「はい。」と言った。", .japanese) == ["「はい。」と言った。"])
  }

  @Test("reads the semicolon as a question mark in Greek only")
  func greekQuestionMark() {
    #expect(sentences("Τι; Πού;", .greek) == ["Τι;", "Πού;"])
    #expect(sentences("One; Two.").count == 1)
  }

  @Test("ignores invisible marks of direction after a full stop")
  func directionMarks() {
    #expect(sentences("שלום.\u{200F} מה שלומך?", .hebrew).count == 2)
  }
}
