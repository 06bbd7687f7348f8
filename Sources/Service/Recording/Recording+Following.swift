import Chatterbox

extension Recording {
  /// Takes over what another makes.
  ///
  /// Who makes it may have changed, and begun anew: what is there already is not taken twice.
  ///
  /// - Throws: what ended the making; ``ClusterError/unreadable`` when the parts do not make the whole.
  func follow(_ events: AsyncThrowingStream<ClusterEvent, any Error>) async throws -> RecordingSummary {
    for try await event in events {
      switch event {
      case .piece(let piece): try take(piece)
      case .done(let summary):
        guard summary.byteCount == byteCount, try sha256() == summary.sha256 else {
          throw ClusterError.unreadable
        }
        return summary
      case .failed(let error): throw error
      }
    }
    throw CancellationError()
  }

  private func take(_ piece: RecordedAudio) throws {
    let (end, have) = (piece.span.endOffset, byteCount)
    guard end > have else { return }
    let missing = end - have
    guard missing <= piece.bytes.count else { throw ClusterError.unreadable }
    try append(
      Array(piece.bytes.suffix(missing)), start: piece.span.start, duration: piece.span.duration,
      progress: piece.span.progress)
  }
}
