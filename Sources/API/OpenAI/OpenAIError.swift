import Foundation
import Hummingbird

/// An error as OpenAI's clients read it: `{"error": {"message", "type", "param", "code"}}`.
struct OpenAIError: Encodable {
  let status: HTTPResponse.Status
  private let message: String
  private let type: String
  private let param: String?
  private let code: String

  /// Our error in OpenAI's terms: what must change in a request is a 400 there.
  init(presenting error: APIError) {
    let isRefusal = [.unprocessableContent, .contentTooLarge].contains(error.status)
    let isUnknownModel = error.code == "unknown_model"
    status = isUnknownModel ? .notFound : isRefusal ? .badRequest : error.status
    message = error.message
    type =
      switch status {
      case .tooManyRequests: "rate_limit_error"
      case _ where status.kind == .serverError: "server_error"
      default: "invalid_request_error"
      }
    param = error.field.map {
      ["text": "input", "use_case": "preset", "format": "response_format"][$0] ?? $0
    }
    code = isUnknownModel ? "model_not_found" : error.code
  }

  /// Whether a path is OpenAI's.
  static func isShown(at path: String) -> Bool { path.hasPrefix("/v1/") }

  private enum CodingKeys: CodingKey {
    case error
  }

  private enum ErrorKeys: CodingKey {
    case message
    case type
    case param
    case code
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    var error = container.nestedContainer(keyedBy: ErrorKeys.self, forKey: .error)
    try error.encode(message, forKey: .message)
    try error.encode(type, forKey: .type)
    try error.encode(param, forKey: .param)
    try error.encode(code, forKey: .code)
  }
}
