/// The last tidying before a text is tokenised, which every model was given with its training texts.
///
/// Source: `punc_norm` in the reference's `tts.py`, `tts_turbo.py` and `mtl_tts.py`.
package enum PunctuationNormalizer: Sendable, CaseIterable {
  case standard
  /// Turbo and Nano.
  case turbo
  case multilingual

  /// A capital at the start, single spaces, plain punctuation, and a mark at the end.
  package func normalize(_ text: String) -> String {
    guard let first = text.unicodeScalars.first else { return "You need to add some text for me to talk." }
    var scalars = Array(text.unicodeScalars)
    if first.properties.isLowercase {
      scalars.replaceSubrange(0..<1, with: first.properties.uppercaseMapping.unicodeScalars)
    }
    scalars = Array(scalars.split(whereSeparator: \.isPythonSpace).joined(separator: [" "]))
    for (old, new) in replacements { scalars = scalars.replacing(old, with: new) }
    while scalars.last == " " { scalars.removeLast() }
    if let last = scalars.last, sentenceEnds.contains(last) { return String(scalars) }
    scalars.append(".")
    return String(scalars)
  }

  private var replacements: [(old: String, new: String)] {
    switch self {
    case .standard, .multilingual:
      [("...", ", "), ("…", ", "), (":", ","), (" - ", ", "), (";", ", ")] + Self.commonReplacements
    case .turbo: [("…", ", "), (":", ",")] + Self.commonReplacements
    }
  }

  private static let commonReplacements = [
    ("—", "-"), ("–", "-"), (" ,", ","), ("“", "\""), ("”", "\""), ("‘", "'"), ("’", "'"),
  ]

  private var sentenceEnds: Set<Unicode.Scalar> {
    switch self {
    case .standard, .turbo: [".", "!", "?", "-", ","]
    case .multilingual: [".", "!", "?", "-", ",", "、", "，", "。", "？", "！"]
    }
  }
}
