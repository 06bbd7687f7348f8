import Testing

@Suite("English symbols, addresses and punctuation")
struct SymbolNormalizationTests {
  @Test(
    "Arithmetic",
    arguments: [
      ("2 + 2 = 4", "two plus two equals four"),
      ("5-3=2", "five minus three equals two"),
      ("5 - 3 = 2", "five minus three equals two"),
      ("10 - 3", "ten minus three"),
      ("3*4", "three times four"),
      ("n-1", "n minus one"),
      ("10 × 3 ÷ 2", "ten times three divided by two"),
      ("(3 + 4) / 2", "(three plus four) divided by two"),
      ("2^10", "two to the power of ten"),
      ("x² + y³", "x squared plus y cubed"),
      ("10⁻³", "ten to the power of minus three"),
      ("x >= 5", "x greater than or equal to five"),
      ("5 < 6", "five less than six"),
      ("±5", "plus or minus five"),
      ("~20", "about twenty"),
      ("√16", "square root of sixteen"),
      ("π ≈ 3.14", "pi is approximately three point one four"),
    ])
  func arithmetic(written: String, spoken: String) {
    #expect(spokenEnglish(written) == spoken)
  }

  @Test(
    "Signs",
    arguments: [
      ("salt & pepper", "salt and pepper"),
      ("18+", "eighteen plus"),
      ("Acme™ and Foo®", "Acme and Foo"),
      ("the # of items", "the number of items"),
      ("the % of", "the percent of"),
      ("input/output", "input slash output"),
      ("A → B", "A to B"),
      ("snake_case", "snake case"),
      ("word¹ and", "word and"),
      ("====", ""),
      ("x == y", "x equals y"),
    ])
  func sign(written: String, spoken: String) {
    #expect(spokenEnglish(written) == spoken)
  }

  @Test(
    "Addresses and files",
    arguments: [
      ("example.com/path", "example dot com slash path"),
      ("https://www.example.com/", "www dot example dot com"),
      ("See https://a.org/b?q=1.", "See a dot org slash b question mark q equals one."),
      ("http://localhost:8080/", "localhost colon eight zero eight zero"),
      ("test.co.uk", "test dot co dot u-k"),
      ("john.doe@example.com", "john dot doe at example dot com"),
      ("user_name@mail.org,", "user underscore name at mail dot org,"),
      ("<me@x.com>", "me at x dot com"),
      ("report.pdf", "report dot P-D-F"),
      ("song.mp3", "song dot M-P three"),
      ("~/notes.txt", "tilde slash notes dot T-X-T"),
      ("/usr/bin", "slash usr slash bin"),
      (".NET", "dot NET"),
      ("foo --help", "foo dash dash help"),
      ("The end.Next", "The end.Next"),
    ])
  func address(written: String, spoken: String) {
    #expect(spokenEnglish(written) == spoken)
  }

  @Test(
    "Hashtags and handles",
    arguments: [
      ("#ThrowbackThursday", "hashtag Throwback Thursday"),
      ("#fun", "hashtag fun"),
      ("@jane_doe", "at jane doe"),
      ("3 @ $2", "three at two dollars"),
    ])
  func tag(written: String, spoken: String) {
    #expect(spokenEnglish(written) == spoken)
  }

  @Test(
    "Markup is dropped",
    arguments: [
      ("**bold** and *italic* and `code`", "bold and italic and code"),
      ("_emphasis_", "emphasis"),
      ("# Heading\ntext", "Heading.\ntext"),
      ("- one\n- two!", "one.\ntwo!"),
      ("• one", "one."),
      ("* [x] done", "done."),
      ("1) first", "one. first."),
      ("- an item that goes on\nhere\n- the next", "an item that goes on\nhere\nthe next."),
      (">= 5", "greater than or equal to five"),
      ("> quoted", "quoted"),
      ("a\n---\nb", "a\n\nb"),
      ("[link](http://x.com)", "link"),
      ("![image](a.png)", "image"),
      ("[not](a link)", "[not](a link)"),
      ("<b>bold</b><br/>", "bold"),
      ("you &amp; me", "you and me"),
      ("| a | b |", "a, b"),
    ])
  func markup(written: String, spoken: String) {
    #expect(spokenEnglish(written) == spoken)
  }

  @Test(
    "Punctuation is reduced, and dashes pause",
    arguments: [
      ("No!!!", "No!"),
      ("What??", "What?"),
      ("Really?!?!", "Really?"),
      ("Wait... what", "Wait, what"),
      ("Wait… No", "Wait. No"),
      ("Wait…what", "Wait, what"),
      ("...and then", "and then"),
      ("yes — no", "yes, no"),
      ("yes—no", "yes, no"),
      ("yes -- no", "yes, no"),
      ("yes - no", "yes, no"),
      ("— Hello", "Hello"),
      ("\"What—\" he said", "\"What\" he said"),
      ("Paris–London", "Paris London"),
      ("Hi :)", "Hi"),
    ])
  func punctuation(written: String, spoken: String) {
    #expect(spokenEnglish(written) == spoken)
  }
}
