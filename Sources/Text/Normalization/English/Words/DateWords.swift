/// The names of months and weekdays, and dates as en-US words.
enum DateWords {
  /// The month of a name or abbreviation, 1–12.
  static func month(named name: String) -> Int? {
    guard name.isCapitalised else { return nil }
    let name = name.lowercased()
    if let index = months.firstIndex(where: { $0.lowercased() == name }) { return index + 1 }
    return name == "sept" ? 9 : shortMonths.firstIndex(of: name).map { $0 + 1 }
  }

  /// The weekday of an abbreviation.
  static func weekday(abbreviated name: String) -> String? {
    name.isCapitalised ? shortWeekdays[name.lowercased()] : nil
  }

  static func name(ofMonth month: Int) -> String { months[(month - 1) % 12] }

  /// `December fifth, twenty twenty-four`.
  static func date(year: Int?, month: Int, day: Int) -> String {
    let date = name(ofMonth: month) + " " + NumberWords.ordinal(day)
    return year.map { date + ", " + NumberWords.year($0) } ?? date
  }

  /// Whether a month has the day, in some year.
  static func isDay(_ day: Int, ofMonth month: Int) -> Bool {
    guard (1...12).contains(month) else { return false }
    return (1...lengths[month - 1]).contains(day)
  }

  private static let months = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
  ]

  private static let shortMonths = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
  ]

  private static let lengths = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

  private static let shortWeekdays = [
    "mon": "Monday", "tue": "Tuesday", "tues": "Tuesday", "wed": "Wednesday", "weds": "Wednesday",
    "thu": "Thursday", "thur": "Thursday", "thurs": "Thursday", "fri": "Friday", "sat": "Saturday",
    "sun": "Sunday",
  ]
}
