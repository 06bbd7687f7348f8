import Chatterbox
import Foundation
import HTTPTypes
import Service

/// What a socket says to its client.
struct SocketEvent: Encodable {
  let type: String
  var utterance: Int?
  var model: String?
  var language: String?
  var seed: UInt64?
  var sampleRate: Int?
  var format: String?
  var warnings: [SpeechWarning]?
  var audio: String?
  /// When something begins and ends to play, in seconds from the utterance's beginning.
  var start: Double?
  var end: Double?
  var duration: Double?
  /// Characters of the utterance's text.
  var textStart: Int?
  var textEnd: Int?
  var error: APIError.Details?
  var retryAfter: Int?

  init(_ type: String, utterance: Int? = nil) {
    (self.type, self.utterance) = (type, utterance)
  }

  static func failure(_ error: any Error, utterance: Int?) -> SocketEvent {
    let shown = APIError(presenting: error)
    var event = SocketEvent("error", utterance: utterance)
    event.error = shown.details
    event.retryAfter = shown.headers[.retryAfter].flatMap(Int.init)
    return event
  }

  private enum CodingKeys: String, CodingKey {
    case type
    case utterance
    case model
    case language
    case seed
    case sampleRate = "sample_rate"
    case format
    case warnings
    case audio
    case start
    case end
    case duration
    case textStart = "text_start"
    case textEnd = "text_end"
    case error
    case retryAfter = "retry_after"
  }

  var json: Data {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      return try encoder.encode(self)
    }
  }
}
