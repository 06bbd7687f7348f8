extension InlineTag {
  /// Longer bracketed text is not looked at: no tag is as long.
  private static let longestContent = 64

  /// Splits a text at its inline tags, in one pass.
  ///
  /// Segments without anything but white space are left out.
  /// - Throws: ``InlineTagError`` for a pause that cannot be kept.
  package static func segments(of text: String) throws(InlineTagError) -> [TextSegment] {
    var segments: [TextSegment] = []
    var speechStart = text.startIndex
    var position = text.startIndex

    func endSpeech(at end: String.Index) {
      let speech = text[speechStart..<end]
      if !speech.allSatisfy(\.isWhitespace) { segments.append(.speech(String(speech))) }
    }

    while let opening = text[position...].firstIndex(of: "[") {
      position = text.index(after: opening)
      let content = text[position...].prefix(longestContent).prefix { $0 != "]" && $0 != "[" }
      guard content.endIndex < text.endIndex, text[content.endIndex] == "]",
        let tag = try tag(of: content, at: opening, in: text)
      else { continue }
      endSpeech(at: opening)
      segments.append(tag.segment)
      position = text.index(after: content.endIndex)
      speechStart = position
    }
    endSpeech(at: text.endIndex)
    return segments
  }

  private var segment: TextSegment {
    switch self {
    case .pause(let seconds): .pause(seconds: seconds)
    case .paralinguistic(let tag): .paralinguistic(tag.text)
    }
  }

  private static func tag(
    of content: Substring, at opening: String.Index, in text: String
  ) throws(InlineTagError) -> InlineTag? {
    do {
      return try InlineTag(content: content)
    } catch {
      let offset = text.distance(from: text.startIndex, to: opening)
      switch error {
      case .malformed: throw .malformedPause(offset: offset)
      case .outOfRange(let seconds): throw .pauseOutOfRange(seconds: seconds, offset: offset)
      }
    }
  }
}
