import Testing

@testable import Text

@Suite("Tokenizers and the reference's")
struct TokenizerParityTests {
  @Test("the corpus has 500 lines and all 23 languages")
  func corpus() throws {
    let corpus = try TokenizerFixtures.corpus
    #expect(corpus.count >= 500)
    #expect(Set(corpus.compactMap(\.language)) == Set(Language.allCases.map(\.code)))
  }

  @Test("English gives the reference's tokens")
  func english() throws {
    let tokenizer = try GraphemeTokenizer(contentsOf: TokenizerFixtures.english)
    var compared = 0
    for line in try TokenizerFixtures.corpus {
      guard let expected = line.english else { continue }
      compared += 1
      #expect(tokenizer.tokens(of: line.text).tokens == expected, "\(line.text.debugDescription)")
    }
    #expect(compared > 150)
    #expect((tokenizer.startToken, tokenizer.stopToken, tokenizer.vocabularySize) == (255, 0, 704))
  }

  @Test("Multilingual gives the reference's tokens in every language, but for readings of kanji")
  func multilingual() async throws {
    let tokenizer = try MultilingualTokenizer(contentsOf: TokenizerFixtures.multilingual)
    for line in try TokenizerFixtures.corpus where line.kanji != true {
      let tokens = try await tokenizer.tokens(of: line.text, language: line.language.flatMap(Language.init))
      #expect(tokens.tokens == line.multilingual, "\(line.language ?? "") \(line.text.debugDescription)")
    }
    #expect(tokenizer.graphemes.vocabularySize == 2454)
  }

  @Test("Turbo gives the reference's tokens")
  func turbo() throws {
    let tokenizer = try ByteLevelTokenizer(folder: TokenizerFixtures.turbo)
    for line in try TokenizerFixtures.corpus {
      #expect(tokenizer.tokens(of: line.text).tokens == line.turbo, "\(line.text.debugDescription)")
    }
  }

  @Test("added tokens keep their flags, and the longest one counts")
  func flags() throws {
    let tokenizer = try ByteLevelTokenizer(folder: TokenizerFixtures.single)
    for line in try TokenizerFixtures.flagged {
      #expect(tokenizer.tokens(of: line.text).tokens == line.tokens, "\(line.text.debugDescription)")
    }
  }

  @Test("punctuation becomes the reference's, for each model")
  func punctuation() throws {
    let models: [PunctuationNormalizer] = [.standard, .turbo, .multilingual]
    for line in try TokenizerFixtures.corpus {
      for (index, model) in models.enumerated() {
        let expected = line.normalized.map { $0.count == 1 ? $0[0] : $0[index] } ?? line.text
        let ours = model.normalize(line.text)
        #expect(
          ours.unicodeScalars.elementsEqual(expected.unicodeScalars),
          "\(model) \(line.text.debugDescription)")
      }
    }
  }
}
