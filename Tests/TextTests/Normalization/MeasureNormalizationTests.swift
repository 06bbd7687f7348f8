import Testing

@Suite("English money and measures")
struct MeasureNormalizationTests {
  @Test(
    "Money with the sign first",
    arguments: [
      ("$5.99", "five dollars and ninety-nine cents"),
      ("$1", "one dollar"),
      ("$1.01", "one dollar and one cent"),
      ("$0.50", "fifty cents"),
      ("$.99", "ninety-nine cents"),
      ("$5.00", "five dollars"),
      ("$5.5", "five point five dollars"),
      ("$3.5 million", "three point five million dollars"),
      ("$3.5M", "three point five million dollars"),
      ("$2bn", "two billion dollars"),
      ("$10k", "ten thousand dollars"),
      ("£20", "twenty pounds"),
      ("£5.01", "five pounds and one penny"),
      ("€1,000.50", "one thousand euros and fifty cents"),
      ("¥500", "five hundred yen"),
      ("₩10,000", "ten thousand won"),
      ("₹1", "one rupee"),
      ("US$20", "twenty US dollars"),
      ("C$5", "five Canadian dollars"),
      ("$5 CAD", "five Canadian dollars"),
      ("USD 5", "five US dollars"),
      ("Rs. 500", "five hundred rupees"),
      ("-$5", "minus five dollars"),
      ("$-5", "minus five dollars"),
      ("I have $5. He left.", "I have five dollars. He left."),
    ])
  func moneyFirst(written: String, spoken: String) {
    #expect(spokenEnglish(written) == spoken)
  }

  @Test(
    "Money with the sign last, ranges and rates",
    arguments: [
      ("20€", "twenty euros"),
      ("1,50 €", "one, fifty euros"),
      ("50¢", "fifty cents"),
      ("5 USD", "five US dollars"),
      ("$10-15", "ten to fifteen dollars"),
      ("$10–$15", "ten to fifteen dollars"),
      ("$1.50-$2.00", "one dollar and fifty cents to two dollars"),
      ("$5m-$10m", "five million dollars to ten million dollars"),
      ("$5/hour", "five dollars per hour"),
      ("$20/kg", "twenty dollars per kilogram"),
      ("a $20 bill", "a twenty dollar bill"),
      ("a $100 million deal", "a one hundred million dollar deal"),
      ("a $5 or so", "a five dollars or so"),
    ])
  func moneyLast(written: String, spoken: String) {
    #expect(spokenEnglish(written) == spoken)
  }

  @Test(
    "A sign of money without a sum is said by its name",
    arguments: [
      ("the $ sign", "the dollar sign"),
      ("$HOME", "dollar HOME"),
      ("make $$$ fast", "make dollar fast"),
    ])
  func bareSign(written: String, spoken: String) {
    #expect(spokenEnglish(written) == spoken)
  }

  @Test(
    "Units",
    arguments: [
      ("5 km", "five kilometers"),
      ("1 km", "one kilometer"),
      ("1.0 km", "one point zero kilometers"),
      ("10kg", "ten kilograms"),
      ("a 5 km run", "a five kilometer run"),
      ("a 10-kg bag", "a ten-kilogram bag"),
      ("60 mph", "sixty miles per hour"),
      ("1 mph", "one mile per hour"),
      ("60 km/h", "sixty kilometers per hour"),
      ("measured in km/h", "measured in kilometers per hour"),
      ("9.8 m/s²", "nine point eight meters per second squared"),
      ("30 m²", "thirty square meters"),
      ("2 m^3", "two cubic meters"),
      ("900 sq ft", "nine hundred square feet"),
      ("1 sq. ft.", "one square foot."),
      ("3 GHz", "three gigahertz"),
      ("16GB", "sixteen gigabytes"),
      ("500ms", "five hundred milliseconds"),
      ("5µm", "five micrometers"),
      ("10 Ω", "ten ohms"),
      ("2h30m", "two hours thirty minutes"),
      ("5 lbs. of flour", "five pounds of flour"),
      ("20 min. Then cool", "twenty minutes. Then cool"),
      ("3 in. wide", "three inches wide"),
      ("5 in the morning", "five in the morning"),
      ("10 mg/dose", "ten milligrams per dose"),
      ("3 times/day", "three times per day"),
      ("5G", "five G"),
      ("2.5 million km", "two point five million kilometers"),
    ])
  func unit(written: String, spoken: String) {
    #expect(spokenEnglish(written) == spoken)
  }

  @Test(
    "Degrees, feet and inches, sizes",
    arguments: [
      ("20°C", "twenty degrees Celsius"),
      ("98.6 °F", "ninety-eight point six degrees Fahrenheit"),
      ("25℃", "twenty-five degrees Celsius"),
      ("-1°C", "minus one degree Celsius"),
      ("20°", "twenty degrees"),
      ("45°N", "forty-five degrees north"),
      ("40°26′46″", "forty degrees twenty-six minutes forty-six seconds"),
      ("5'11\"", "five feet eleven inches"),
      ("5’11”", "five feet eleven inches"),
      ("6' tall", "six feet tall"),
      ("a 12\" ruler", "a twelve inch ruler"),
      ("\"I am 12\"", "\"I am twelve\""),
      ("8.5\" x 11\"", "eight point five inches by eleven inches"),
      ("1920x1080", "nineteen twenty by ten eighty"),
      ("4 x 4", "four by four"),
      ("3x faster", "three times faster"),
      ("0x1F", "zero x one F"),
    ])
  func degree(written: String, spoken: String) {
    #expect(spokenEnglish(written) == spoken)
  }
}
