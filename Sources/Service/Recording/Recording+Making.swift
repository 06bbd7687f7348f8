import Audio
import Chatterbox

extension Recording {
  /// Makes speech and takes it in, encoded.
  ///
  /// - Parameter isFile: whether nobody reads before the end, so that a header may get the length it should have.
  /// - Throws: ``ChatterboxError``; `CancellationError`.
  func record(_ stream: SpeechStream, isFile: Bool) async throws -> RecordingSummary {
    let encoder: any AudioEncoder
    do {
      encoder = try format.makeEncoder(sampleRate: info.sampleRate, isFile: isFile)
    } catch {
      throw ChatterboxError(.toolUnavailable, error.description, field: "format")
    }
    var stopwatch = SpeechStopwatch()
    // The end of what has left the encoder, in seconds.
    var start = 0.0
    var progress = 0.0
    func take(_ bytes: [UInt8]) throws {
      guard !bytes.isEmpty else { return }
      try append(bytes, start: start, duration: stopwatch.seconds - start, progress: progress)
      start = stopwatch.seconds
    }
    do {
      for try await chunk in stream {
        stopwatch.add(chunk)
        progress = chunk.progress
        try take(encoder.encode(chunk.samples))
      }
      try take(encoder.finish())
    } catch let error as AudioEncodingError {
      throw ChatterboxError(.outputRejected, error.description)
    }
    if isFile { try replaceBeginning(with: encoder.finalHeader) }
    return RecordingSummary(byteCount: byteCount, sha256: try sha256(), timings: stopwatch.timings)
  }

  /// Of all bytes so far.
  func sha256() throws -> String {
    var digest = SHA256Digest()
    for offset in stride(from: 0, to: byteCount, by: 1 << 20) {
      digest.update(try bytes(in: offset..<min(offset + 1 << 20, byteCount)))
    }
    return digest.hexadecimal
  }
}
