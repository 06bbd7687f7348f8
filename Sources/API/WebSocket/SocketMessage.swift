import Audio
import Chatterbox
import Foundation
import Service

/// What a client says over a socket. docs/websocket.md is the page for people.
enum SocketMessage: Sendable {
  /// A new utterance, how it is to be spoken and sent.
  case start(SocketSettings)
  /// More of the utterance's text; and whether all of it is to be spoken now.
  case text(String, flush: Bool)
  /// What is there is to be spoken now.
  case flush
  /// There is no more text.
  case end
  /// The utterance, or all of them, is to end now.
  case cancel(Int?)
  case ping
  case close

  /// Reads a message.
  ///
  /// - Throws: ``APIError`` when it is no JSON object; ``ChatterboxError`` that names the field at fault.
  init(_ text: String) throws {
    let fields = try JSONFields(json: Data(text.utf8))
    switch try fields.string("type") {
    case "start": self = .start(try SocketSettings(fields.without(["type"])))
    case "text": self = try Self.text(fields)
    // As ElevenLabs's clients write: a text, and an empty one at the end.
    case nil where fields.names.contains("text"):
      let message = try Self.text(fields)
      if case .text("", _) = message { self = .end } else { self = message }
    case "flush": self = .flush
    case "end": self = .end
    case "cancel": self = .cancel(try fields.wholeNumber("utterance").map { Int(clamping: $0) })
    case "ping": self = .ping
    case "close": self = .close
    case let type?:
      let known = ["start", "text", "flush", "end", "cancel", "ping", "close"]
      throw ChatterboxError.unknown(.invalidValue, "type", type, among: known, field: "type")
    case nil:
      throw ChatterboxError(.invalidValue, "type is missing.", field: "type")
    }
  }

  private static func text(_ fields: JSONFields) throws(ChatterboxError) -> SocketMessage {
    guard let text = try fields.string("text") else {
      throw ChatterboxError(.invalidValue, "text is missing.", field: "text")
    }
    let flush: Bool? = try fields.value("flush", "true or false")
    return .text(text, flush: flush ?? false)
  }
}

/// How an utterance is spoken and sent.
struct SocketSettings: Sendable {
  /// How audio is sent.
  enum Output: String, CaseIterable {
    /// As binary messages.
    case binary
    /// In base64, within JSON.
    case json
  }

  /// Everything but the text.
  let request: SpeechRequest
  let format: AudioFormat
  let output: Output

  /// - Throws: ``ChatterboxError`` that names the field at fault.
  init(_ fields: JSONFields) throws(ChatterboxError) {
    output = try fields.choice("output") ?? .binary
    format = try fields.choice("format") ?? .pcm
    request = try RequestFields(fields.without(["output", "format", "text"]), text: "").speech()
  }
}
