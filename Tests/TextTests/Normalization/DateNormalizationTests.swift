import Testing

@Suite("English dates and times")
struct DateNormalizationTests {
  @Test(
    "Years",
    arguments: [
      ("in 1984", "in nineteen eighty-four"),
      ("in 2005", "in two thousand five"),
      ("since 2010", "since twenty ten"),
      ("1905", "nineteen oh five"),
      ("1900", "nineteen hundred"),
      ("2000", "two thousand"),
      ("in 1066", "in ten sixty-six"),
      ("44 BC", "forty-four BC"),
      ("AD 79", "A-D seventy-nine"),
      ("1990-1995", "nineteen ninety to nineteen ninety-five"),
      ("1914–18", "nineteen fourteen to eighteen"),
      ("2010-present", "twenty ten to present"),
      ("the 1984 elections", "the nineteen eighty-four elections"),
      ("mid-1990", "mid nineteen ninety"),
      ("© 2024", "copyright twenty twenty-four"),
    ])
  func year(written: String, spoken: String) {
    #expect(spokenEnglish(written) == spoken)
  }

  @Test(
    "Counts that look like years stay counts",
    arguments: [
      ("1500 people", "one thousand five hundred people"),
      ("1984 votes", "one thousand nine hundred eighty-four votes"),
      ("a 1500-word essay", "a one thousand five hundred-word essay"),
      ("1,984", "one thousand nine hundred eighty-four"),
      ("3000", "three thousand"),
      ("1500 km", "one thousand five hundred kilometers"),
    ])
  func count(written: String, spoken: String) {
    #expect(spokenEnglish(written) == spoken)
  }

  @Test(
    "Decades and round plurals",
    arguments: [
      ("the 1980s", "the nineteen eighties"),
      ("the 1900s", "the nineteen hundreds"),
      ("1800s", "eighteen hundreds"),
      ("the 2010s", "the twenty tens"),
      ("the '90s", "the nineties"),
      ("the ’90s", "the nineties"),
      ("1980's", "nineteen eighties"),
      ("in her 30s", "in her thirties"),
      ("30s", "thirty seconds"),
      ("class of '84", "class of eighty-four"),
      ("100s of people", "hundreds of people"),
    ])
  func decade(written: String, spoken: String) {
    #expect(spokenEnglish(written) == spoken)
  }

  @Test(
    "Dates in figures",
    arguments: [
      ("2024-12-05", "December fifth, twenty twenty-four"),
      ("2024/1/2", "January second, twenty twenty-four"),
      ("12/05/2024", "December fifth, twenty twenty-four"),
      ("25/12/2024", "December twenty-fifth, twenty twenty-four"),
      ("5.12.2024", "December fifth, twenty twenty-four"),
      ("7/4/76", "July fourth, nineteen seventy-six"),
      ("on 12/25", "on December twenty-fifth"),
      ("2024-12-05T14:30:00Z", "December fifth, twenty twenty-four, fourteen thirty UTC"),
      ("9/11", "nine eleven"),
    ])
  func figures(written: String, spoken: String) {
    #expect(spokenEnglish(written) == spoken)
  }

  @Test(
    "What only looks like a date is not read as one",
    arguments: [
      "13/13/2024", "30/02/2024", "99/99/9999", "2024-13-01", "0/0/0", "2024-12-05-06",
    ])
  func noDate(written: String) {
    let spoken = spokenEnglish(written)
    #expect(!DateNormalizationTests.months.contains { spoken.contains($0) })
    #expect(!spoken.contains { $0.isNumber })
  }

  @Test(
    "Dates with the month's name",
    arguments: [
      ("Dec. 5, 2024", "December fifth, twenty twenty-four"),
      ("December 5", "December fifth"),
      ("5 December 2024", "the fifth of December, twenty twenty-four"),
      ("the 5 May 2024", "the fifth of May, twenty twenty-four"),
      ("March 3rd", "March third"),
      ("July 4th, 1776, was", "July fourth, seventeen seventy-six, was"),
      ("Dec 2024", "December twenty twenty-four"),
      ("July, 2020", "July twenty twenty"),
      ("Jan. 1–5", "January first to fifth"),
      ("Jan 1 - Feb 3", "January first to February third"),
      ("Jan-Mar", "January to March"),
      ("Mon-Fri", "Monday to Friday"),
      ("Mon, Jan 6", "Monday, January sixth"),
      ("on Tues. we met", "on Tuesday we met"),
      ("in Sept. we met", "in September we met"),
      ("on Dec. 5. We", "on December fifth. We"),
      ("March 5,000 miles", "March five thousand miles"),
      ("the Sun. It sat.", "the Sun. It sat."),
      ("I may go, and she may too.", "I may go, and she may too."),
    ])
  func month(written: String, spoken: String) {
    #expect(spokenEnglish(written) == spoken)
  }

  @Test(
    "Times",
    arguments: [
      ("3:45 pm", "three forty-five PM"),
      ("3:45pm", "three forty-five PM"),
      ("14:30", "fourteen thirty"),
      ("12:05", "twelve oh five"),
      ("12:00", "twelve o'clock"),
      ("12:00 pm", "twelve PM"),
      ("23:00", "twenty-three hundred"),
      ("00:30", "zero thirty"),
      ("3:45:30", "three forty-five and thirty seconds"),
      ("5 a.m. is early", "five AM is early"),
      ("at 5 p.m.", "at five PM."),
      ("at 5 p.m. The end", "at five PM. The end"),
      ("5 p.m. EST", "five PM EST"),
      ("5am", "five AM"),
      ("9am-5pm", "nine AM to five PM"),
      ("3-4 pm", "three to four PM"),
      ("9:00-17:00", "nine o'clock to seventeen hundred"),
      ("5 o'clock", "five o'clock"),
      ("I am 5", "I am five"),
    ])
  func time(written: String, spoken: String) {
    #expect(spokenEnglish(written) == spoken)
  }

  private static let months = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
  ]
}
