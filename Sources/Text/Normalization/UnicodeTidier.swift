import Foundation

/// Makes text plain Unicode in any script, without changing what it says.
///
/// The result is NFC. White space is single (line and paragraph breaks stay), invisible characters
/// and emoji are gone, and look-alikes of quotes, hyphens and spaces have one form.
struct UnicodeTidier: Sendable {
  /// Arabic and Hindi spell with zero-width joiners; elsewhere they only glue emoji.
  private let keepsJoiners: Bool

  init(language: Language) {
    keepsJoiners = language == .arabic || language == .hindi
  }

  func tidy(_ text: String) -> String {
    let isASCII = text.utf8.allSatisfy { $0 < 0x80 }
    let composed = isASCII ? text : text.precomposedStringWithCanonicalMapping
    var output = Output()
    for scalar in composed.unicodeScalars {
      switch treatment(of: scalar) {
      case .keep: output.append(scalar)
      case .replace(let replacement): replacement.unicodeScalars.forEach { output.append($0) }
      case .thinSpace: output.gap = max(output.gap, .thin)
      case .space: output.gap = max(output.gap, .space)
      case .paragraph: output.gap = .paragraph
      case .newline: output.gap = output.gap >= .line ? .paragraph : .line
      case .separate: output.gap = max(output.gap, .emoji)
      case .drop: break
      }
    }
    return output.text
  }

  private enum Treatment {
    case keep, thinSpace, space, newline, paragraph, drop
    case replace(String)
    /// Dropped, but the words on both sides stay apart.
    case separate
  }

  private func treatment(of scalar: Unicode.Scalar) -> Treatment {
    switch scalar.value {
    case 0x21...0x7E: .keep
    case 0x0A, 0x0B, 0x0C, 0x85, 0x2028: .newline
    case 0x2029: .paragraph
    case 0x2007, 0x2009, 0x202F: .thinSpace
    case 0x20, 0x09, 0x0D, 0xA0, 0x1680, 0x2000...0x2006, 0x2008, 0x200A, 0x205F, 0x3000: .space
    case 0x00...0x1F, 0x7F...0x9F, 0xAD, 0x34F, 0x180B...0x180F, 0xFFF9...0xFFFD: .drop
    case 0x200C, 0x200D: keepsJoiners ? .keep : .drop
    case 0x200B, 0x200E, 0x200F, 0x202A...0x202E, 0x2060...0x206F, 0xFEFF: .drop
    case 0xFE00...0xFE0F, 0x20E3, 0xE0000...0xE0FFF: .drop
    case 0xE000...0xF8FF, 0xF0000...0x10FFFF: .separate
    case 0x2018...0x201B, 0x2BC, 0xB4: .replace("'")
    case 0x201C...0x201F: .replace("\"")
    case 0x2010, 0x2011, 0x2043, 0x2212, 0xFE63, 0xFF0D: .replace("-")
    case 0x2012: .replace("–")
    case 0x2015, 0x2E3A, 0x2E3B, 0xFE58: .replace("—")
    case 0x203C: .replace("!!")
    case 0x2047: .replace("??")
    case 0x2048, 0x2049: .replace("?!")
    case 0xFF10...0xFF19, 0xFF21...0xFF3A, 0xFF41...0xFF5A: .replace(Self.ascii(fullWidth: scalar))
    default: Self.isEmoji(scalar) ? .separate : .keep
    }
  }

  private static func ascii(fullWidth scalar: Unicode.Scalar) -> String {
    Unicode.Scalar(scalar.value - 0xFEE0).map { String($0) } ?? ""
  }

  private static func isEmoji(_ scalar: Unicode.Scalar) -> Bool {
    guard scalar.value > 0x2000 else { return false }
    let properties = scalar.properties
    if properties.isEmojiPresentation { return true }
    let isTrademark = scalar.value == 0x2122
    return properties.isEmoji && properties.generalCategory == .otherSymbol && !isTrademark
  }
}

extension UnicodeTidier {
  /// The text so far, and the white space that waits for something to follow it.
  private struct Output {
    enum Gap: Comparable { case none, emoji, thin, space, line, paragraph }

    var text = ""
    var gap = Gap.none
    private var last: Unicode.Scalar?

    mutating func append(_ scalar: Unicode.Scalar) {
      if !text.isEmpty {
        switch gap {
        case .none: break
        case .emoji: if isBetween(scalar, { $0.isLetterOrMark || $0.isDigit }) { text += " " }
        case .thin: if !isBetween(scalar, \.isDigit) { text += " " }
        case .space: text += " "
        case .line: text += "\n"
        case .paragraph: text += "\n\n"
        }
      }
      gap = .none
      last = scalar
      text.unicodeScalars.append(scalar)
    }

    /// Whether the gap lies between two scalars of a kind: thin spaces part thousands, `10 000`.
    private func isBetween(_ next: Unicode.Scalar, _ isKind: (Unicode.Scalar) -> Bool) -> Bool {
      last.map(isKind) ?? false && isKind(next)
    }
  }
}
