import Testing
import Text

@Suite("Unicode tidying in every language")
struct UnicodeTidierTests {
  @Test(
    "White space is single, and paragraphs stay",
    arguments: [
      ("  a  b\t c \u{A0}d ", "a b c d"),
      ("a\r\nb", "a\nb"),
      ("a \n\n\n b", "a\n\nb"),
      ("a\u{2028}b\u{2029}c", "a\nb\n\nc"),
      ("全角\u{3000}空白", "全角 空白"),
      ("10\u{202F}000\u{202F}€", "10000 €"),
      (" \n\t", ""),
    ])
  func whiteSpace(written: String, tidied: String) {
    #expect(TextNormalizer(language: .french).normalize(written) == tidied)
  }

  @Test(
    "Invisible characters go, look-alikes become one form",
    arguments: [
      ("a\u{200B}b\u{FEFF}c\u{AD}d\u{7}e", "abcde"),
      ("“l’eau”", "\"l'eau\""),
      ("peut\u{2011}être", "peut-être"),
      ("\u{2212}5", "-5"),
      ("ＡＢＣ１２３", "ABC123"),
      ("e\u{301}te\u{301}", "été"),
      ("\u{202E}abc\u{202C}", "abc"),
    ])
  func lookAlikes(written: String, tidied: String) {
    #expect(TextNormalizer(language: .french).normalize(written) == tidied)
  }

  @Test(
    "Emoji go and leave words apart",
    arguments: [
      ("안녕 😀 세상", "안녕 세상"),
      ("hola👋🏽mundo", "hola mundo"),
      ("👨‍👩‍👧 🇰🇷 ❤️ ok", "ok"),
      ("1️⃣ uno", "1 uno"),
      ("fin😀.", "fin."),
    ])
  func emoji(written: String, tidied: String) {
    #expect(TextNormalizer(language: .spanish).normalize(written) == tidied)
  }

  @Test(
    "Languages other than English keep their numbers and marks",
    arguments: [
      (Language.german, "Am 3. Mai kostet es 5,99 € – z.B. bei Dr. Müller."),
      (.japanese, "「こんにちは」、今日は20度です。"),
      (.chinese, "他说：《好！》，真的？"),
      (.arabic, "مرحبا، كيف حالك؟"),
      (.hebrew, "שָׁלוֹם עולם"),
      (.russian, "Цена — 100 руб."),
      (.french, "Ça va ? Oui !"),
      (.greek, "Τι κάνεις;"),
      (.turkish, "İstanbul'da 3'te"),
    ])
  func unchanged(language: Language, text: String) {
    #expect(TextNormalizer(language: language).normalize(text) == text)
  }

  @Test("Hindi and Arabic keep the joiners they spell with")
  func joiners() {
    let text = "क्\u{200D}ष"
    #expect(TextNormalizer(language: .hindi).normalize(text).unicodeScalars.contains("\u{200D}"))
    #expect(!TextNormalizer(language: .german).normalize(text).unicodeScalars.contains("\u{200D}"))
  }
}
