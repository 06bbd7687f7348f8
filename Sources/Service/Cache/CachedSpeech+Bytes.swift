import Audio
import Chatterbox
import Foundation

/// An answer as a file or a store has it: a line of JSON, then the audio.
extension CachedSpeech {
  private struct Notes: Codable {
    let key: String
    let info: SpeechInfo
    let format: AudioFormat
    let spans: [RecordedSpan]
    let summary: RecordingSummary
    let made: Date
  }

  /// The whole of it, with the key that it is kept under.
  func bytes(for key: String) throws -> Data {
    let notes = Notes(key: key, info: info, format: format, spans: spans, summary: summary, made: made)
    return try JSONEncoder().encode(notes) + [0x0A] + bytes
  }

  /// - Returns: `nil` when these are not the bytes of an answer under this key, or not all of them.
  init?(_ data: Data, for key: String) {
    guard let end = data.firstIndex(of: 0x0A),
      let notes = try? JSONDecoder().decode(Notes.self, from: data[..<end]), notes.key == key
    else { return nil }
    let bytes = [UInt8](data[(end + 1)...])
    guard bytes.count == notes.summary.byteCount, SHA256Digest.hexadecimal(of: bytes) == notes.summary.sha256,
      notes.spans.last?.endOffset == bytes.count
    else { return nil }
    self.init(
      info: notes.info, format: notes.format, bytes: bytes, spans: notes.spans, summary: notes.summary,
      made: notes.made)
  }
}
