/// Shortened words: `Mr.`, `vs.`, `etc.`, `approx.`, `Inc.`
enum ShortenedWords {
  static func rewrite(_ tokens: EnglishTokens, at index: Int) -> Rewrite? {
    guard let text = tokens.word(at: index), let entry = table[text] else { return nil }
    let hasStop = tokens.isSymbol(".", at: index + 1)
    guard hasStop || !entry.needsStop else { return nil }
    let end = hasStop ? index + 2 : index + 1
    let endsSentence = hasStop && SentenceEnd.isReached(in: tokens, at: end)
    switch entry.place {
    case .anywhere: break
    case .beforeName: guard isBeforeName(tokens, at: tokens.skippingBlank(end)) else { return nil }
    case .betweenNames: guard isName(tokens, at: index - 2), isName(tokens, at: end + 1) else { return nil }
    case .insideSentence: guard !endsSentence else { return nil }
    }
    return Rewrite(words: entry.words, end: endsSentence && entry.place != .beforeName ? end - 1 : end)
  }

  /// A name, or "and" between two titles: `Mr. and Mrs. Lee`.
  private static func isBeforeName(_ tokens: EnglishTokens, at index: Int) -> Bool {
    isName(tokens, at: index) || tokens.word(at: index) == "and" || tokens.isSymbol("&", at: index)
  }

  private static func isName(_ tokens: EnglishTokens, at index: Int) -> Bool {
    tokens.isCapitalised(at: index)
  }

  private enum Place {
    case anywhere, beforeName, betweenNames
    /// Words of their own at the end of a sentence.
    case insideSentence
  }

  private struct Entry {
    let words: String
    let place: Place
    let needsStop: Bool
  }

  private static let table: [String: Entry] = {
    var table: [String: Entry] = [:]
    func add(_ abbreviations: [String: String], _ place: Place, needsStop: Bool) {
      for (abbreviation, words) in abbreviations {
        table[abbreviation] = Entry(words: words, place: place, needsStop: needsStop)
      }
    }
    add(titles, .beforeName, needsStop: false)
    add(namesakes, .beforeName, needsStop: true)
    add(plain, .anywhere, needsStop: false)
    add(stopped, .anywhere, needsStop: true)
    add(ambiguous, .insideSentence, needsStop: true)
    add(["v": "versus"], .betweenNames, needsStop: true)
    return table
  }()

  private static let titles = [
    "Mr": "Mister", "Mrs": "Missus", "Ms": "Miz", "Messrs": "Messieurs", "Prof": "Professor",
    "Lt": "Lieutenant", "Sgt": "Sergeant", "Capt": "Captain", "Cmdr": "Commander", "Cpl": "Corporal",
    "Pvt": "Private",
  ]

  /// Titles that are also other words or names.
  private static let namesakes = [
    "Gen": "General", "Sen": "Senator", "Rep": "Representative", "Gov": "Governor", "Pres": "President",
    "Col": "Colonel", "Maj": "Major", "Adm": "Admiral", "Rev": "Reverend", "Hon": "Honorable",
    "Fr": "Father", "Mt": "Mount", "Ft": "Fort", "Supt": "Superintendent",
  ]

  private static let plain = [
    "vs": "versus", "etc": "et cetera", "approx": "approximately", "Approx": "Approximately",
    "Jr": "Junior", "Sr": "Senior", "Ltd": "Limited", "dept": "department", "Dept": "Department",
    "govt": "government", "Govt": "Government", "Blvd": "Boulevard", "aka": "A-K-A", "Pkwy": "Parkway",
  ]

  private static let stopped = [
    "Inc": "Incorporated", "Corp": "Corporation", "Co": "Company", "Bros": "Brothers", "Ave": "Avenue",
    "Rd": "Road", "Ln": "Lane", "Hwy": "Highway", "Esq": "Esquire", "Univ": "University",
    "Assn": "Association", "Assoc": "Associate", "Asst": "Assistant", "Mgr": "Manager", "avg": "average",
    "Avg": "Average", "misc": "miscellaneous", "incl": "including", "excl": "excluding", "cf": "compare",
    "tel": "telephone", "Tel": "Telephone", "viz": "namely", "Ext": "Extension", "ext": "extension",
    "resp": "respectively", "al": "al", "Vol": "Volume", "vol": "volume", "ft": "feet", "lbs": "pounds",
    "oz": "ounces", "hrs": "hours", "mins": "minutes", "secs": "seconds", "yrs": "years",
    "Calif": "California", "Conn": "Connecticut", "Mich": "Michigan", "Minn": "Minnesota",
    "Okla": "Oklahoma", "Tenn": "Tennessee", "Wis": "Wisconsin",
  ]

  private static let ambiguous = [
    "max": "maximum", "min": "minimum", "Min": "Minimum", "est": "estimated", "ed": "edition",
    "temp": "temperature", "Sq": "Square", "Ct": "Court", "Pl": "Place",
  ]
}
