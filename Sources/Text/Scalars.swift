/// What the text rules ask of a Unicode scalar.
extension Unicode.Scalar {
  /// Part of a word or a number: a letter, a mark on one, or a digit.
  var isWordPart: Bool {
    if isASCII {
      return isDigit || ("a"..."z").contains(self) || ("A"..."Z").contains(self)
    }
    switch properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
      .nonspacingMark, .spacingMark, .enclosingMark, .decimalNumber, .letterNumber, .otherNumber:
      return true
    default:
      return false
    }
  }

  /// A decimal digit of any script.
  var isDigit: Bool {
    isASCII ? ("0"..."9").contains(self) : properties.generalCategory == .decimalNumber
  }

  /// A letter that has a capital and a small form.
  var isCased: Bool { properties.isLowercase || properties.isUppercase }

  /// Han or kana: scripts that put no spaces between words.
  var isSpaceless: Bool { isHan || isKana }

  /// A Chinese character, as hanzi or kanji.
  var isHan: Bool {
    switch value {
    case 0x2E80...0x2FDF, 0x3005...0x3007, 0x3021...0x3029, 0x3400...0x4DBF, 0x4E00...0x9FFF,
      0xF900...0xFAFF, 0x20000...0x3FFFF:
      return true
    default:
      return false
    }
  }

  /// Hiragana or katakana, with the long-vowel mark but not the middle dot.
  var isKana: Bool {
    switch value {
    case 0x3031...0x3035, 0x3041...0x309F, 0x30A1...0x30FA, 0x30FC...0x30FF, 0x31F0...0x31FF,
      0xFF66...0xFF9F:
      return true
    default:
      return false
    }
  }

  /// A syllable or letter of Korean.
  var isHangul: Bool {
    switch value {
    case 0x1100...0x11FF, 0x3130...0x318F, 0xAC00...0xD7AF: return true
    default: return false
    }
  }

  /// White space, line breaks included.
  var isSpace: Bool {
    isASCII ? self == " " || (0x09...0x0D).contains(value) : properties.isWhitespace
  }

  /// Ends a line.
  var isLineBreak: Bool {
    switch value {
    case 0x0A, 0x0C, 0x0D, 0x85, 0x2028, 0x2029: return true
    default: return false
    }
  }

  /// White space that keeps what stands on both sides together: `10 000`, `12 km`.
  var isNoBreakSpace: Bool { value == 0xA0 || value == 0x202F || value == 0x2007 }

  /// A mark that begins something: a quotation, a bracket, a Spanish question.
  var isOpening: Bool {
    switch self {
    case "(", "[", "{", "\"", "'", "“", "‘", "„", "‚", "«", "»", "‹", "›", "¿", "¡", "「", "『", "（",
      "【", "《", "〈", "［", "｛", "*", "_", "#":
      return true
    default:
      return false
    }
  }
}
