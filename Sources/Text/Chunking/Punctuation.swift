/// A mark that ends a sentence or a clause, in any of the 23 languages' writing.
struct Punctuation {
  /// What the mark says, whatever it looks like.
  enum Sign: Character {
    case stop = "."
    case exclamation = "!"
    case question = "?"
    case ellipsis = "…"
    case comma = ","
    case semicolon = ";"
    case colon = ":"
    case dash = "—"

    /// Ends sentences; the others end clauses.
    var endsSentence: Bool {
      switch self {
      case .stop, .exclamation, .question, .ellipsis: true
      case .comma, .semicolon, .colon, .dash: false
      }
    }
  }

  let sign: Sign
  /// Ends something even with no white space after it: `。` does, `.` does not.
  let standsAlone: Bool

  /// The mark that a scalar is in a language; `nil` when it is none.
  init?(_ scalar: Unicode.Scalar, in language: Language) {
    switch scalar {
    case ".": (sign, standsAlone) = (.stop, false)
    case "!": (sign, standsAlone) = (.exclamation, false)
    case "?": (sign, standsAlone) = (.question, false)
    case "‼", "⁉": (sign, standsAlone) = (.exclamation, false)
    case "⁇", "⁈", "‽": (sign, standsAlone) = (.question, false)
    case "…": (sign, standsAlone) = (.ellipsis, false)
    case "。", "｡", "．": (sign, standsAlone) = (.stop, true)
    case "！": (sign, standsAlone) = (.exclamation, true)
    case "？", "؟": (sign, standsAlone) = (.question, true)
    case "।", "॥", "۔", "׃": (sign, standsAlone) = (.stop, true)
    case "\u{37E}": (sign, standsAlone) = (.question, false)
    case ";": (sign, standsAlone) = (language == .greek ? .question : .semicolon, false)
    case "\u{387}", "·":
      guard language == .greek else { return nil }
      (sign, standsAlone) = (.semicolon, false)
    case ",": (sign, standsAlone) = (.comma, false)
    case ":": (sign, standsAlone) = (.colon, false)
    case "、", "，", "､", "،": (sign, standsAlone) = (.comma, true)
    case "；", "؛": (sign, standsAlone) = (.semicolon, true)
    case "：": (sign, standsAlone) = (.colon, true)
    case "—", "―": (sign, standsAlone) = (.dash, true)
    case "–": (sign, standsAlone) = (.dash, false)
    default: return nil
    }
  }

  /// Whether a scalar is a wide mark that also stands inside numbers: `３．１４`, `１０：３０`.
  static func joinsDigits(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "．" || scalar == "，" || scalar == "："
  }

  /// Whether a scalar right after a mark still belongs to the sentence: a quotation mark or bracket.
  ///
  /// Quotation marks that open in one language close in another (`“` in German), so what tells them
  /// apart is where they stand. Only after a mark that stands alone can an opening one follow.
  func isClosed(by scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case ")", "]", "}", "”", "’", "»", "›", "」", "』", "）", "】", "》", "〉", "］", "｝", "*", "_":
      return true
    case "\"", "'", "“", "‘", "«", "‹":
      return !standsAlone
    default:
      return scalar.properties.generalCategory == .format
    }
  }
}
