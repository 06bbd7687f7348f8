/// Spells the sounds that a text asks for as a model's tokenizer knows them: `[clears throat]` and
/// `(laughs)` become `[clear throat]` and `[laugh]` for Turbo, `[clear_throat]` and `[laughter]` for the others.
///
/// Brackets with anything else in them stay as they are.
package struct TagSpelling: Sendable {
  /// Longer bracketed text is not looked at: no tag is as long.
  private static let longestContent = 64
  private static let closings: [Unicode.Scalar: Unicode.Scalar] = ["[": "]", "(": ")", "*": "*"]

  private let tags: Set<String>

  /// - Parameter tags: The tags among a tokenizer's added tokens, in their brackets.
  package init(tags: Set<String>) {
    self.tags = tags
  }

  /// The text with every tag in the model's own spelling, where the model has it.
  package func applied(to text: String) -> String {
    let scalars = Array(text.unicodeScalars)
    var result: [Unicode.Scalar] = []
    var position = 0
    while position < scalars.count {
      if let (tag, end) = tag(at: position, of: scalars) {
        result += tag.unicodeScalars
        position = end
      } else {
        result.append(scalars[position])
        position += 1
      }
    }
    return String(result)
  }

  private func tag(at start: Int, of text: [Unicode.Scalar]) -> (tag: String, end: Int)? {
    guard let closing = Self.closings[text[start]] else { return nil }
    let content = text[(start + 1)...].prefix(Self.longestContent).prefix { $0 != closing }
    guard content.endIndex < text.endIndex, text[content.endIndex] == closing,
      let tag = tag(for: String(content), bracket: text[start])
    else { return nil }
    return (tag, content.endIndex + 1)
  }

  /// In square brackets any of the model's tags, as its own token or in capitals; elsewhere sounds only.
  private func tag(for content: String, bracket: Unicode.Scalar) -> String? {
    if bracket == "[", tags.contains("[\(content)]") { return "[\(content)]" }
    let words = content.lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ")
    if bracket == "[", tags.contains("[\(words)]") { return "[\(words)]" }
    guard let sound = ParalinguisticTag(spelling: words) else { return nil }
    return sound.tokens.first(where: tags.contains)
  }
}

extension ParalinguisticTag {
  /// The tokens that stand for the sound, Turbo's first, then the grapheme tokenizers'.
  fileprivate var tokens: [String] {
    switch self {
    case .clearThroat: [text, "[clear_throat]"]
    case .shush: [text, "[shhh]"]
    case .laugh: [text, "[laughter]"]
    default: [text]
    }
  }
}
