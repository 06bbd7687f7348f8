import Hummingbird
import Service

extension APIError {
  /// Why somebody is not let in. A wrong key and a missing one look alike, so that nothing can be learned from it.
  init(_ refusal: AccessRefusal) {
    switch refusal {
    case .noCredentials, .wrongCredentials:
      self.init(
        status: .unauthorized, code: "unauthorized",
        message: "A valid key or token is needed: send it as 'Authorization: Bearer …'.",
        headers: [.wwwAuthenticate: "Bearer realm=\"chatterbox\""])
    case .scopeMissing(let scope):
      self.init(
        status: .forbidden, code: "forbidden",
        message: "The key or token does not allow this: it needs the scope '\(scope.rawValue)'.")
    case .tooManyRequests(let seconds):
      self.init(
        status: .tooManyRequests, code: "rate_limited",
        message: "Too many requests. Try again in \(seconds) seconds.", headers: [.retryAfter: "\(seconds)"])
    case .cannotTell:
      self.init(
        status: .serviceUnavailable, code: "access_unavailable",
        message: "It cannot be found out now whether the key or token is valid. Try again soon.",
        headers: [.retryAfter: "2"])
    }
  }
}
