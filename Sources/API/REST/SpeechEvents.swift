import Audio
import Chatterbox
import Foundation
import Hummingbird
import Service

/// Speech as server-sent events: `audio` as it is made, then `done` or `error`.
///
/// Source: https://html.spec.whatwg.org/multipage/server-sent-events.html
enum SpeechEvents {
  /// A piece of audio and when it plays, in seconds.
  private struct Piece: Encodable {
    let audio: String
    let start: Double
    let duration: Double
    let progress: Double
  }

  /// What is known at the end.
  private struct Done: Encodable {
    let model: String
    let language: String
    let seed: UInt64
    let format: String
    let duration: Double
    let timeToFirstAudio: Double
    let realTimeFactor: Double
    let sha256: String
    let warnings: [SpeechWarning]

    private enum CodingKeys: String, CodingKey {
      case model
      case language
      case seed
      case format
      case duration
      case timeToFirstAudio = "time_to_first_audio"
      case realTimeFactor = "real_time_factor"
      case sha256
      case warnings
    }

    init(_ answer: SpeechAnswer, _ summary: RecordingSummary) {
      model = answer.info.model
      language = answer.info.language
      seed = answer.info.seed
      format = answer.audio.recording.format.rawValue
      duration = summary.timings.duration
      timeToFirstAudio = summary.timings.firstAudio
      realTimeFactor = summary.timings.realTimeFactor
      sha256 = summary.sha256
      warnings = answer.info.warnings
    }
  }

  static func body(of answer: SpeechAnswer, _ context: APIContext) throws -> ResponseBody {
    answer.audio.streamedBody(context) { piece in
      try event(
        named: "audio",
        Piece(
          audio: Data(piece.bytes).base64EncodedString(), start: piece.span.start,
          duration: piece.span.duration, progress: piece.span.progress))
    } ending: { outcome in
      switch outcome {
      case .success(let summary): try event(named: "done", Done(answer, summary))
      case .failure(let error): try event(named: "error", APIError(presenting: error))
      }
    }
  }

  /// An event; JSON has no line breaks of its own.
  static func event(named name: String? = nil, _ value: some Encodable) throws -> ByteBuffer {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    var buffer = ByteBuffer()
    if let name { buffer.writeString("event: \(name)\n") }
    buffer.writeString("data: ")
    buffer.writeBytes(try encoder.encode(value))
    buffer.writeString("\n\n")
    return buffer
  }
}
