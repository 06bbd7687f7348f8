import Foundation

/// Spells characters that stand for several plain ones: `½` is `1⁄2`, `℃` is `°C`, `ﬁ` is `fi`.
enum CompatibilityCharacters {
  /// Returns `text` in plain characters. Raised figures stay: `m²` is not `m2`.
  static func unify(_ text: String) -> String {
    if text.utf8.allSatisfy({ $0 < 0x80 }) { return text }
    var plain = ""
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case ..<0x80:
        plain.unicodeScalars.append(scalar)
      case 0xBC...0xBE, 0x2150...0x215F, 0x2189:
        if plain.utf8.last.map(isFigure) ?? false { plain += " " }
        plain += spelled(scalar)
      case 0xBA, 0x2DA:
        plain += "°"
      case 0x201A, 0x2039, 0x203A:
        plain += "'"
      case 0x201E, 0xAB, 0xBB:
        plain += "\""
      case 0x2116:
        plain += "No. "
      case 0xB5, 0x2080...0x2089, 0x2100, 0x2103, 0x2105, 0x2109, 0x2160...0x217F, 0x2460...0x2473,
        0x3371...0x33DF, 0xFB00...0xFB06, 0xFF01...0xFF5E:
        plain += spelled(scalar)
      default:
        plain += westernFigure(scalar) ?? String(scalar)
      }
    }
    return plain
  }

  private static func isFigure(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

  private static func spelled(_ scalar: Unicode.Scalar) -> String {
    String(scalar).precomposedStringWithCompatibilityMapping
  }

  /// The figure 0–9 for a decimal digit of another script.
  private static func westernFigure(_ scalar: Unicode.Scalar) -> String? {
    guard scalar.isDigit, let value = scalar.properties.numericValue else { return nil }
    return String(Int(value))
  }
}
