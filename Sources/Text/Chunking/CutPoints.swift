/// Where a sentence that grows too long may be cut, best place first.
struct CutPoints {
  /// A cut before this share of the limit would leave a stub.
  private static let leastShare = 4
  /// How far a cut between characters may move back to a better place, in scalars.
  private static let longestRetreat = 64

  /// The sentence up to its last clause mark.
  var clause: TextPiece?
  /// The sentence up to its last space.
  var space: TextPiece?

  /// Cuts a sentence that has reached the limit.
  func cut(_ piece: TextPiece, limit: Int, in scalars: String.UnicodeScalarView) -> TextPiece {
    let least = limit / Self.leastShare
    if let clause, clause.length >= least { return clause.ended(by: .clause) }
    if let space, space.length >= least { return space.ended(by: .word) }
    if let end = spacelessEnd(of: piece, in: scalars) {
      return piece.prefix(to: end, in: scalars).ended(by: .word)
    }
    if let stub = space ?? clause { return stub.ended(by: .word) }
    return piece.prefix(to: characterEnd(of: piece, in: scalars), in: scalars).ended(by: .word)
  }

  /// The last place between two characters of which one is Han or kana, never inside a Latin word.
  private func spacelessEnd(
    of piece: TextPiece, in scalars: String.UnicodeScalarView
  ) -> String.Index? {
    var end = piece.range.upperBound
    for _ in 0..<Self.longestRetreat {
      guard end > piece.range.lowerBound, let next = scalars.scalar(at: end),
        let previous = scalars.scalar(before: end)
      else { return nil }
      let isBetweenWords = previous.isSpaceless || next.isSpaceless
      if isBetweenWords, !previous.isOpening, !next.staysWithPrevious { return end }
      end = scalars.index(before: end)
    }
    return nil
  }

  /// The end of the last whole character; the piece's own end when it is all one character.
  private func characterEnd(
    of piece: TextPiece, in scalars: String.UnicodeScalarView
  ) -> String.Index {
    // A copy, because finding a character's edge in the text itself may take in all of the text.
    let wholeCharacters = String(scalars[piece.range]).dropLast().unicodeScalars.count
    guard wholeCharacters > 0 else { return piece.range.upperBound }
    return scalars.index(piece.range.lowerBound, offsetBy: wholeCharacters)
  }
}

extension Unicode.Scalar {
  /// Never begins a line in Chinese or Japanese: small kana, long-vowel and voicing marks, closing marks.
  fileprivate var staysWithPrevious: Bool {
    if !isWordPart { return !isOpening }
    switch self {
    case "ぁ", "ぃ", "ぅ", "ぇ", "ぉ", "っ", "ゃ", "ゅ", "ょ", "ゎ", "ァ", "ィ", "ゥ", "ェ", "ォ", "ッ", "ャ",
      "ュ", "ョ", "ヮ", "ー", "々", "ゝ", "ヽ", "ｰ", "ﾞ", "ﾟ":
      return true
    default:
      return properties.isGraphemeExtend
    }
  }
}
