import Chatterbox
import Hummingbird
import Redis
import Service

/// An error as a client sees it: a status, and a code that programs can rely on.
struct APIError: Error {
  let status: HTTPResponse.Status
  let code: String
  let message: String
  var field: String?
  var headers: HTTPFields = [:]
}

extension APIError {
  static let notFound = APIError(
    status: .notFound, code: "not_found",
    message: "There is nothing at this path. The API lives under /api/v1: see docs/rest-api.md.")
  static let unreadableBody = APIError(
    status: .badRequest, code: "unreadable_body", message: "The request's body broke off or is malformed.")
  static let unsupportedMediaType = APIError(
    status: .unsupportedMediaType, code: "unsupported_media_type",
    message: "The body must be JSON: send it with the header 'Content-Type: application/json'.")
  static let encodedBody = APIError(
    status: .unsupportedMediaType, code: "unsupported_encoding",
    message: "Compressed bodies are not taken: send it without Content-Encoding.",
    headers: [.acceptEncoding: "identity"])
  static let bodyTooSlow = APIError(
    status: .requestTimeout, code: "body_too_slow",
    message: "The body took too long to arrive. Send it again, faster.", headers: [.connection: "close"])
  static let closing = APIError(
    status: .serviceUnavailable, code: "closing",
    message: "The server is stopping and takes no new requests. Try again in a few seconds.",
    headers: [.retryAfter: "5"])
  static let formExpected = APIError(
    status: .unsupportedMediaType, code: "unsupported_media_type",
    message: "The body must be a form with a file: curl -F file=@voice.wav -F name=anna …")
  static let upgradeRequired = APIError(
    status: .upgradeRequired, code: "upgrade_required",
    message:
      "This path is a WebSocket: connect with a WebSocket client, version 13, on a connection of its own.",
    headers: [.upgrade: "websocket", .connection: "Upgrade", .secWebSocketVersion: "13"])
  static let deadlinePassed = APIError(
    status: .gatewayTimeout, code: "deadline_passed",
    message:
      "The request's deadline passed while it waited for its turn. Try again later, or allow more time.")
  static let givenUp = APIError(
    status: .badGateway, code: "dead_letter",
    message: "The request was begun several times, and each time the server that spoke it died.")
  static let lost = APIError(
    status: .serviceUnavailable, code: "lost",
    message: "The servers have lost this request. Send it again.", headers: [.retryAfter: "1"])
  static let sharedStoreUnavailable = APIError(
    status: .serviceUnavailable, code: "shared_store_unavailable",
    message: "The Redis that the servers share does not answer, so no requests are taken. Try again soon.",
    headers: [.retryAfter: "2"])
  static let storageUnavailable = APIError(
    status: .serviceUnavailable, code: "storage_unavailable",
    message: "The object store does not answer, or refuses this server. Try again soon.",
    headers: [.retryAfter: "5"])
  static let clientClosedRequest = APIError(
    status: .init(code: 499, reasonPhrase: "Client Closed Request"), code: "client_closed_request",
    message: "The client closed the connection, so the work was stopped.")
  static let internalError = APIError(
    status: .internalServerError, code: "internal_error",
    message: "Something unexpected went wrong. The server's log has it under this response's X-Request-Id.")

  static let noAudio = APIError(
    status: .notFound, code: "not_found",
    message: "There is no audio of this id. Audio is deleted some time after it was made.")
  static let damagedAudio = APIError(
    status: .internalServerError, code: "audio_damaged",
    message: "The kept audio is not what was kept, and is not given out. Have it made again.")
  static let goneAudio = APIError(
    status: .gone, code: "audio_gone", message: "The audio was deleted. Have it made again.")

  static func rangeNotSatisfiable(byteCount: Int) -> APIError {
    APIError(
      status: .rangeNotSatisfiable, code: "range_not_satisfiable",
      message: "The audio has \(byteCount) bytes.", headers: [.contentRange: "bytes */\(byteCount)"])
  }

  static func conflict(_ code: String, _ message: String, field: String? = nil) -> APIError {
    APIError(status: .conflict, code: code, message: message, field: field)
  }

  static func queueFull(capacity: Int, retryAfter: Int) -> APIError {
    APIError(
      status: .tooManyRequests, code: "queue_full",
      message: "\(capacity) requests are waiting already. Try again in \(retryAfter) seconds.",
      headers: [.retryAfter: "\(retryAfter)"])
  }

  static func invalidJSON(_ reason: String) -> APIError {
    APIError(status: .badRequest, code: "invalid_json", message: reason)
  }

  static func bodyTooLarge(limit: Int) -> APIError {
    APIError(
      status: .contentTooLarge, code: "body_too_large",
      message: "The body is longer than \(limit) bytes. Send the text in parts.")
  }

  static func methodNotAllowed(allowed: [String]) -> APIError {
    let methods = allowed.joined(separator: ", ")
    return APIError(
      status: .methodNotAllowed, code: "method_not_allowed", message: "This path answers to \(methods) only.",
      headers: [.allow: methods])
  }
}

extension APIError {
  /// What a client is shown of any error. Surprises carry no details.
  init(presenting error: any Error) {
    switch error {
    case let error as APIError: self = error
    case let error as ChatterboxError:
      self.init(
        status: error.code.status, code: error.code.rawValue, message: error.message, field: error.field)
    case QueueError.full(let capacity, let retryAfter):
      self = .queueFull(capacity: capacity, retryAfter: retryAfter)
    case QueueError.closed: self = .closing
    case QueueError.deadlinePassed: self = .deadlinePassed
    case QueueError.givenUp: self = .givenUp
    case is RedisError: self = .sharedStoreUnavailable
    case ClusterError.lost, ClusterError.unreadable: self = .lost
    case VoiceDesk.Refusal.exists:
      self = .conflict("voice_exists", "There is a voice of this name: send replace=true.", field: "name")
    case VoiceDesk.Refusal.unknown:
      self.init(status: .notFound, code: "unknown_voice", message: "There is no voice of this name.")
    case PresetShelf.Refusal.exists:
      self = .conflict("preset_exists", "There is a preset of this name: PUT replaces it.", field: "name")
    case PresetShelf.Refusal.unknown:
      self.init(status: .notFound, code: "unknown_preset", message: "There is no preset of this name.")
    case PresetShelf.Refusal.notCustom:
      self = .conflict("preset_not_custom", "This preset came with the server and cannot be removed.")
    case JobDesk.Refusal.unknown:
      self.init(status: .notFound, code: "unknown_job", message: "There is no job of this id.")
    case JobDesk.Refusal.wrongState(let status):
      self = .conflict("job_\(status.rawValue)", "The job is \(status.rawValue), which does not allow this.")
    case JobDesk.Refusal.webhook(let reason):
      self.init(
        status: .unprocessableContent, code: "webhook_not_allowed", message: reason, field: "webhook_url")
    case StorageError.noRoom: self.init(presenting: ChatterboxError.noRoom)
    case StorageError.damaged: self = .damagedAudio
    case StorageError.gone: self = .goneAudio
    case StorageError.unavailable: self = .storageUnavailable
    case let refusal as AccessRefusal: self.init(refusal)
    case KeyDesk.Refusal.unknown:
      self.init(status: .notFound, code: "unknown_key", message: "There is no key of this id.")
    case KeyDesk.Refusal.revoked: self = .conflict("key_revoked", "The key was revoked: make another.")
    case KeyDesk.Refusal.name:
      self.init(presenting: ChatterboxError.invalid("name", "1 to 64 letters, digits, spaces or any of -_.@"))
    case KeyDesk.Refusal.noScopes:
      self.init(presenting: ChatterboxError.invalid("scopes", "at least one scope"))
    case is CancellationError: self = .clientClosedRequest
    default: self = .internalError
    }
  }
}

extension ChatterboxError.Code {
  /// The HTTP status of a failure: 4xx where the request must change, 5xx where the server must.
  var status: HTTPResponse.Status {
    switch self {
    case .emptyText, .unknownLanguage, .unknownPreset, .unknownModel, .unknownVoice, .unknownField,
      .invalidValue:
      .unprocessableContent
    case .textTooLong: .contentTooLarge
    case .modelNotInstalled, .noMemory, .toolUnavailable: .serviceUnavailable
    case .modelUnreadable, .voiceUnreadable, .outputRejected: .internalServerError
    case .outputNotWritable: .init(code: 507, reasonPhrase: "Insufficient Storage")
    }
  }
}

extension APIError: Encodable {
  /// What an error's JSON holds; a field that does not apply is null.
  struct Details: Encodable {
    let code: String
    let message: String
    let field: String?

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(code, forKey: .code)
      try container.encode(message, forKey: .message)
      try container.encode(field, forKey: .field)
    }

    private enum CodingKeys: CodingKey {
      case code
      case message
      case field
    }
  }

  var details: Details { Details(code: code, message: message, field: field) }

  private enum CodingKeys: CodingKey {
    case error
  }

  /// `{"error": {"code", "message", "field"}}`.
  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(details, forKey: .error)
  }
}
