import Testing

@Suite("English abbreviations")
struct AbbreviationNormalizationTests {
  @Test(
    "Titles and names",
    arguments: [
      ("Mr. Jones", "Mister Jones"),
      ("Mr. and Mrs. Jones", "Mister and Missus Jones"),
      ("Ms. Lee", "Miz Lee"),
      ("Dr. Kim", "Doctor Kim"),
      ("Prof. Lee", "Professor Lee"),
      ("Lt. Col. Lee", "Lieutenant Colonel Lee"),
      ("Sen. Smith", "Senator Smith"),
      ("John Smith Jr. is", "John Smith Junior is"),
      ("J. K. Rowling", "J K Rowling"),
      ("George W. Bush", "George W Bush"),
      ("Plan B. Then", "Plan B. Then"),
      ("It was I. He left.", "It was I. He left."),
    ])
  func title(written: String, spoken: String) {
    #expect(spokenEnglish(written) == spoken)
  }

  @Test(
    "St. and Dr. mean one thing before a name and another after it",
    arguments: [
      ("St. Louis", "Saint Louis"),
      ("St Paul", "Saint Paul"),
      ("Main St. is", "Main Street is"),
      ("on 5th St. near", "on fifth Street near"),
      ("12 Main St. Springfield", "twelve Main Street Springfield"),
      ("on Main St. We met", "on Main Street. We met"),
      ("near St. Mary's on Elm Dr.", "near Saint Mary's on Elm Drive."),
      ("Dr. King Dr.", "Doctor King Drive."),
      ("5th Ave., north", "fifth Avenue, north"),
    ])
  func street(written: String, spoken: String) {
    #expect(spokenEnglish(written) == spoken)
  }

  @Test(
    "The stop stays only where a sentence ends",
    arguments: [
      ("Acme Inc. is big", "Acme Incorporated is big"),
      ("Acme Inc. He likes it", "Acme Incorporated. He likes it"),
      ("Acme Inc.", "Acme Incorporated."),
      ("Acme Inc.\nNext", "Acme Incorporated.\nNext"),
      ("(Acme Inc.) is", "(Acme Incorporated) is"),
      ("cats, dogs, etc.", "cats, dogs, et cetera."),
      ("cats etc., and dogs", "cats et cetera, and dogs"),
      ("Smith & Co. is", "Smith and Company is"),
      ("in the U.S. They left", "in the U-S. They left"),
      ("the U.S. Army", "the U-S Army"),
    ])
  func stop(written: String, spoken: String) {
    #expect(spokenEnglish(written) == spoken)
  }

  @Test(
    "Common words",
    arguments: [
      ("cats vs. dogs", "cats versus dogs"),
      ("Roe v. Wade", "Roe versus Wade"),
      ("e.g. this", "for example this"),
      ("e.g., this", "for example, this"),
      ("i.e., that", "that is, that"),
      ("approx. 5", "approximately five"),
      ("est. 1990", "established nineteen ninety"),
      ("est. 50 people", "estimated fifty people"),
      ("c. 1850", "circa eighteen fifty"),
      ("No. I said no.", "No. I said no."),
      ("a.k.a. Joe", "A-K-A Joe"),
      ("w/o", "without"),
      ("w/ fries", "with fries"),
      ("and/or", "and or"),
      ("he/she", "he or she"),
    ])
  func word(written: String, spoken: String) {
    #expect(spokenEnglish(written) == spoken)
  }

  @Test(
    "Letters said one by one",
    arguments: [
      ("AT&T", "A-T-and-T"),
      ("R&D", "R-and-D"),
      ("Q&A", "Q-and-A"),
      ("U.S.A. today", "U-S-A today"),
      ("a Ph.D. in", "a PhD in"),
      ("non-U.S. firms", "non-U-S firms"),
      ("NASA, the FBI and CEOs", "NASA, the FBI and CEOs"),
      ("C++ and C#", "C plus plus and C sharp"),
    ])
  func letters(written: String, spoken: String) {
    #expect(spokenEnglish(written) == spoken)
  }
}
