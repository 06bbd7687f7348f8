import Hummingbird
import Service

extension APIError {
  static let crossSite = APIError(
    status: .forbidden, code: "cross_site",
    message: "Web pages of other sites may ask for nothing here. Use the server's own page or no browser, or "
      + "switch keys on (security.api_key_enabled). A proxy in front must pass on the Host header.")
  static let misdirected = APIError(
    status: .misdirectedRequest, code: "misdirected",
    message:
      "On its own machine the server is localhost, or the address it listens on. Ask for that, name the "
      + "proxy in front (security.trusted_proxies), or switch keys on (security.api_key_enabled).")

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
