import Text

/// A request's text as a sequence of things to do: speak a chunk, be silent. Cut as it is read.
struct SpeechPieces: Sequence {
  struct Piece {
    enum Content: Hashable {
      case speech(String)
      case pause(seconds: Double)
    }

    let content: Content
    /// The share of the text that is done after this piece, 0…1.
    let progress: Double
  }

  private let segments: [TextSegment]
  private let chunker: SentenceChunker
  private let speed: Double

  init(_ request: ResolvedRequest) {
    segments = request.segments
    chunker = SentenceChunker(language: request.language)
    speed = request.speed
  }

  func makeIterator() -> Iterator { Iterator(segments, chunker, speed: speed) }

  struct Iterator: IteratorProtocol {
    private let chunker: SentenceChunker
    private let speed: Double
    private let total: Double
    private var segments: ArraySlice<TextSegment>
    private var chunks: SentenceChunker.Chunks.Iterator?
    private var done = 0.0
    private var current = 0.0
    /// The breath between the chunk before and the one after.
    private var breath: Piece?

    init(_ segments: [TextSegment], _ chunker: SentenceChunker, speed: Double) {
      self.segments = segments[...]
      self.chunker = chunker
      self.speed = speed
      total = Swift.max(1, segments.reduce(0) { $0 + $1.length })
    }

    mutating func next() -> Piece? {
      if let piece = breath.take() { return piece }
      while true {
        if let chunk = chunks?.next() {
          let progress = (done + current * chunk.progress) / total
          if chunk.boundary.pause > 0 {
            // A quick speaker breathes quickly; only a pause that the text asks for is exact.
            breath = Piece(content: .pause(seconds: chunk.boundary.pause / speed), progress: progress)
          }
          return Piece(content: .speech(chunk.text), progress: progress)
        }
        done += current
        (chunks, current) = (nil, 0)
        guard let segment = segments.popFirst() else { return nil }
        switch segment {
        case .speech(let text): (chunks, current) = (chunker.chunks(of: text).makeIterator(), segment.length)
        case .pause(let seconds): return Piece(content: .pause(seconds: seconds), progress: done / total)
        case .paralinguistic: continue
        }
      }
    }
  }
}

extension TextSegment {
  /// Its share of the work, in characters.
  fileprivate var length: Double {
    if case .speech(let text) = self { Double(text.utf8.count) } else { 0 }
  }
}
