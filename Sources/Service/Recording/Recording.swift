package import Audio
package import Chatterbox
package import Foundation
import Synchronization

/// Speech that is being made, encoded, for any number of readers.
///
/// Its maker appends, readers follow at their own pace and may begin late. A slow reader keeps nothing from
/// being made: what is ahead of it waits on the disk. Once the last reader has left, the making ends.
package final class Recording: Sendable {
  /// Who speaks, and what the caller should know.
  package let info: SpeechInfo
  package let format: AudioFormat

  private struct State {
    var spans: [RecordedSpan] = []
    var outcome: Result<RecordingSummary, any Error>?
    var waiting: [Int: CheckedContinuation<Void, Never>] = [:]
    var nextID = 0
    var readerCount = 0
    var work: Task<Void, Never>?
    /// Whether everybody left before it was done.
    var isAbandoned = false
  }

  private enum Bytes {
    case memory([UInt8])
    case file(RecordingFile)
  }

  private let bytes: Bytes
  private let state: Mutex<State>

  /// An empty recording.
  ///
  /// - Parameter directory: where its bytes are kept, without a name.
  /// - Throws: ``ChatterboxError`` when there is no room.
  package init(_ info: SpeechInfo, _ format: AudioFormat, in directory: URL) throws(ChatterboxError) {
    self.info = info
    self.format = format
    bytes = .file(try RecordingFile(in: directory))
    state = Mutex(State())
  }

  /// A recording that is whole.
  package init(
    _ info: SpeechInfo, _ format: AudioFormat, bytes: [UInt8], spans: [RecordedSpan],
    summary: RecordingSummary
  ) {
    self.info = info
    self.format = format
    self.bytes = .memory(bytes)
    state = Mutex(State(spans: spans, outcome: .success(summary)))
  }
}

// Making.
extension Recording {
  /// Adds what has been made.
  func append(_ bytes: [UInt8], start: Double, duration: Double, progress: Double) throws(ChatterboxError) {
    guard case .file(let file) = self.bytes, !bytes.isEmpty else { return }
    let offset = byteCount
    try file.write(bytes, at: offset)
    let span = RecordedSpan(
      endOffset: offset + bytes.count, start: start, duration: duration, progress: progress)
    wake { $0.spans.append(span) }
  }

  /// Replaces the first bytes, before anybody may read them: for files whose header has their length.
  func replaceBeginning(with header: [UInt8]) throws(ChatterboxError) {
    guard case .file(let file) = bytes else { return }
    try file.write(header, at: 0)
  }

  /// Says how it ended.
  func finish(_ outcome: Result<RecordingSummary, any Error>) {
    wake { state in
      state.outcome = state.outcome ?? outcome
      state.work = nil
    }
  }

  /// Cancels this when the last reader leaves.
  func isMade(by work: Task<Void, Never>) {
    let isAbandoned = state.withLock { state in
      if state.outcome == nil { state.work = work }
      return state.isAbandoned
    }
    if isAbandoned { work.cancel() }
  }

  private func wake(_ change: (inout State) -> Void) {
    let waiting = state.withLock { state in
      change(&state)
      defer { state.waiting = [:] }
      return state.waiting.values
    }
    for continuation in waiting { continuation.resume() }
  }
}

// Reading.
extension Recording {
  /// How many bytes there are so far.
  package var byteCount: Int { state.withLock { $0.spans.last?.endOffset ?? 0 } }

  /// The pieces so far.
  package var spans: [RecordedSpan] { state.withLock(\.spans) }

  /// Whether its making has ended, well or not.
  package var isFinished: Bool { state.withLock { $0.outcome != nil } }

  /// A new reader, from the beginning; `nil` when everybody had left and the making was given up.
  package func reader() -> RecordingReader? {
    let isOpen = state.withLock { state in
      guard !state.isAbandoned else { return false }
      state.readerCount += 1
      return true
    }
    return isOpen ? RecordingReader(self) : nil
  }

  func readerLeft() {
    let work = state.withLock { state -> Task<Void, Never>? in
      state.readerCount -= 1
      guard state.readerCount == 0, state.outcome == nil else { return nil }
      state.isAbandoned = true
      return state.work.take()
    }
    work?.cancel()
  }

  /// Bytes that are there.
  ///
  /// - Throws: ``ChatterboxError`` when the disk does not give them back.
  package func bytes(in range: Range<Int>) throws(ChatterboxError) -> [UInt8] {
    switch bytes {
    case .memory(let bytes): Array(bytes[range])
    case .file(let file): try file.read(range)
    }
  }

  /// A piece, once it is there; `nil` after the last.
  ///
  /// - Throws: what ended the making; `CancellationError`.
  package func piece(_ index: Int) async throws -> RecordedAudio? {
    while true {
      let (span, offset, outcome) = state.withLock { state in
        let spans = state.spans
        return (
          index < spans.count ? spans[index] : nil,
          index > 0 && index <= spans.count ? spans[index - 1].endOffset : 0, state.outcome
        )
      }
      if let span { return RecordedAudio(bytes: try bytes(in: offset..<span.endOffset), span: span) }
      if let outcome {
        _ = try outcome.get()
        return nil
      }
      try await change { $0.spans.count > index }
    }
  }

  /// What is known at the end, once it is there.
  ///
  /// - Throws: what ended the making; `CancellationError`.
  func summary() async throws -> RecordingSummary {
    while true {
      if let outcome = state.withLock(\.outcome) { return try outcome.get() }
      try await change { _ in false }
    }
  }

  /// Waits until something has changed, unless it has by now.
  private func change(since isDone: @Sendable (State) -> Bool) async throws {
    let id = state.withLock { state in
      state.nextID += 1
      return state.nextID
    }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let mayWait = state.withLock { state in
          guard !Task.isCancelled, state.outcome == nil, !isDone(state) else { return false }
          state.waiting[id] = continuation
          return true
        }
        if !mayWait { continuation.resume() }
      }
    } onCancel: {
      state.withLock { $0.waiting.removeValue(forKey: id) }?.resume()
    }
    try Task.checkCancellation()
  }
}
