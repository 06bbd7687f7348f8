import Testing

@testable import Text

@Suite("English numbers")
struct NumberNormalizationTests {
  @Test(
    "Cardinals are read in words",
    arguments: [
      ("0", "zero"),
      ("7", "seven"),
      ("42 cats", "forty-two cats"),
      ("100", "one hundred"),
      ("999", "nine hundred ninety-nine"),
      ("1,234,567", "one million two hundred thirty-four thousand five hundred sixty-seven"),
      ("1,000,000,000,000", "one trillion"),
      ("1,000,000,000,000,000,000", "one quintillion"),
      ("1000000000000000000000", "one sextillion"),
      ("5 million", "five million"),
      ("3bn", "three billion"),
      ("12345678", "twelve million three hundred forty-five thousand six hundred seventy-eight"),
      ("1, 2 and 3", "one, two and three"),
      ("3,5,7", "three, five, seven"),
      ("10\u{2009}000 km", "ten thousand kilometers"),
      ("٤٢", "forty-two"),
    ])
  func cardinal(written: String, spoken: String) {
    #expect(spokenEnglish(written) == spoken)
  }

  @Test(
    "Keys and padded numbers are read figure by figure",
    arguments: [
      ("007", "zero zero seven"),
      ("1234567890123456", "one two three four five six seven eight nine zero one two three four five six"),
      ("00", "zero zero"),
      ("1.2.3", "one point two point three"),
      ("192.168.0.1", "one nine two dot one six eight dot zero dot one"),
      ("123-45-6789", "one two three, four five, six seven eight nine"),
      ("a 4-3-3 formation", "a four three three formation"),
    ])
  func figures(written: String, spoken: String) {
    #expect(spokenEnglish(written) == spoken)
  }

  @Test(
    "Decimals and negative numbers",
    arguments: [
      ("3.14", "three point one four"),
      ("0.5", "zero point five"),
      (".5", "point five"),
      ("1,234.05", "one thousand two hundred thirty-four point zero five"),
      ("-5", "minus five"),
      ("−3.2", "minus three point two"),
      ("-.5", "minus point five"),
      ("from -5 to +5", "from minus five to plus five"),
      ("(-7)", "(minus seven)"),
      ("2.5 million", "two point five million"),
      ("Costs 5.", "Costs five."),
    ])
  func decimal(written: String, spoken: String) {
    #expect(spokenEnglish(written) == spoken)
  }

  @Test(
    "Ordinals",
    arguments: [
      ("1st", "first"),
      ("2nd place", "second place"),
      ("3RD", "third"),
      ("the 21st century", "the twenty-first century"),
      ("112th", "one hundred twelfth"),
      ("1,000th", "one thousandth"),
      ("20th", "twentieth"),
      ("the 1st-century", "the first-century"),
    ])
  func ordinal(written: String, spoken: String) {
    #expect(spokenEnglish(written) == spoken)
  }

  @Test(
    "Ranges, ratios and scores",
    arguments: [
      ("10–15 people", "ten to fifteen people"),
      ("pages 10-15", "pages ten to fifteen"),
      ("10 – 15", "ten to fifteen"),
      ("won 3-2", "won three to two"),
      ("10-15%", "ten to fifteen percent"),
      ("5km-10km", "five kilometers to ten kilometers"),
      ("3:1", "three to one"),
      ("16:9", "sixteen to nine"),
      ("1:100", "one to one hundred"),
      ("00:99", "zero zero to ninety-nine"),
    ])
  func range(written: String, spoken: String) {
    #expect(spokenEnglish(written) == spoken)
  }

  @Test(
    "Fractions",
    arguments: [
      ("1/2", "one half"),
      ("3/4", "three quarters"),
      ("3 3/4", "three and three quarters"),
      ("½", "one half"),
      ("2½ cups", "two and a half cups"),
      ("2/3 of it", "two thirds of it"),
      ("5/8", "five eighths"),
      ("7/2", "seven halves"),
      ("1/0", "one over zero"),
      ("10/10", "ten out of ten"),
      ("95/100", "ninety-five out of one hundred"),
      ("120/80", "one hundred twenty over eighty"),
      ("3/4 mi", "three quarters of a mile"),
      ("1/2 hr", "one half of an hour"),
      ("24/7", "twenty-four seven"),
      ("1/2/3/4", "one slash two slash three slash four"),
    ])
  func fraction(written: String, spoken: String) {
    #expect(spokenEnglish(written) == spoken)
  }

  @Test(
    "Percentages",
    arguments: [
      ("50%", "fifty percent"),
      ("0.5 %", "zero point five percent"),
      ("-2%", "minus two percent"),
      ("10%-15%", "ten percent to fifteen percent"),
      ("5‰", "five per mille"),
    ])
  func percentage(written: String, spoken: String) {
    #expect(spokenEnglish(written) == spoken)
  }

  @Test(
    "Telephone and card numbers are read figure by figure in groups",
    arguments: [
      ("555-123-4567", "five five five, one two three, four five six seven"),
      ("(555) 123-4567", "five five five, one two three, four five six seven"),
      ("555.123.4567", "five five five, one two three, four five six seven"),
      ("+1 555 123 4567", "plus one, five five five, one two three, four five six seven"),
      ("+44 20 7946 0958", "plus four four, two zero, seven nine four six, zero nine five eight"),
      ("1-800-555-1234", "one, eight hundred, five five five, one two three four"),
      ("1-800-FLOWERS", "one, eight hundred, FLOWERS"),
      ("555-1234", "five five five, one two three four"),
      ("100-1000", "one hundred to one thousand"),
      (
        "1234 5678 9012 3456",
        "one two three four, five six seven eight, nine zero one two, three four five six"
      ),
      ("Call 911!", "Call nine one one!"),
    ])
  func telephone(written: String, spoken: String) {
    #expect(spokenEnglish(written) == spoken)
  }

  @Test(
    "Numbers that name things",
    arguments: [
      ("No. 5", "number five"),
      ("Nos. 1-3", "numbers one to three"),
      ("#1", "number one"),
      ("p. 5, pp. 10–15", "page five, pages ten to fifteen"),
      ("Fig. 3", "figure three"),
      ("§ 5", "section five"),
      ("Room 101", "Room one oh one"),
      ("Boeing 747", "Boeing seven forty-seven"),
      ("Beverly Hills, CA 90210", "Beverly Hills, CA nine zero two one zero"),
      ("A380", "A three eighty"),
      ("1080p", "ten eighty p"),
      ("COVID-19", "COVID nineteen"),
      ("H2O and H₂O", "H two O and H two O"),
      ("MP3", "MP three"),
      ("v2.1", "version two point one"),
      ("v1.2.3", "version one point two point three"),
      ("iOS 17", "iOS seventeen"),
      ("a 19-year-old", "a nineteen-year-old"),
    ])
  func label(written: String, spoken: String) {
    #expect(spokenEnglish(written) == spoken)
  }

  @Test(
    "Roman numerals are numbers only where the word before tells",
    arguments: [
      ("Henry VIII", "Henry the eighth"),
      ("Louis XIV.", "Louis the fourteenth."),
      ("Elizabeth I of England", "Elizabeth the first of England"),
      ("World War II", "World War two"),
      ("WWII", "World War Two"),
      ("Chapter IV", "Chapter four"),
      ("type II", "type two"),
      ("vol. III", "volume three"),
      ("Super Bowl LVIII", "Super Bowl fifty-eight"),
      ("an IV drip", "an IV drip"),
      ("He and I", "He and I"),
      ("As Charles I think", "As Charles I think"),
      ("DC and MD", "DC and MD"),
      ("Chapter IIII", "Chapter IIII"),
    ])
  func roman(written: String, spoken: String) {
    #expect(spokenEnglish(written) == spoken)
  }

  @Test("A number beyond all names is read figure by figure")
  func beyondNames() {
    #expect(NumberWords.cardinal("1" + String(repeating: "0", count: 35)) == "one hundred decillion")
    #expect(NumberWords.cardinal("1" + String(repeating: "0", count: 36)).hasPrefix("one zero zero"))
  }
}
