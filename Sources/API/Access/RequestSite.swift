import HTTPTypes
import Hummingbird
import NIOHTTP1

/// Under what name the server is asked, and by whose page, as far as a request says it.
///
/// A browser lets any page send requests to any server. It says whose page it was, and no page can change that.
struct RequestSite: Sendable {
  /// The name that the client knows the server by, and its port.
  let asked: String?
  /// Whose page asks; programs say nothing.
  let origin: String?
  /// How the page and the server belong together. Newer browsers say it also where they send no origin.
  let relation: String?

  init(asked: String?, origin: String? = nil, relation: String? = nil) {
    (self.asked, self.origin, self.relation) = (asked, origin, relation)
  }

  init(_ request: Request) {
    self.init(
      asked: request.head.authority, origin: request.headers[.origin],
      relation: request.headers[.secFetchSite])
  }

  /// What a WebSocket's handshake says.
  init(_ head: HTTPRequestHead) {
    func value(_ name: HTTPField.Name) -> String? {
      let values = head.headers[name.canonicalName]
      return values.isEmpty ? nil : values.joined(separator: ", ")
    }
    self.init(
      asked: head.headers.first(name: "host"), origin: value(.origin), relation: value(.secFetchSite))
  }

  /// Whether a page asks that is not the server's own.
  var isForeign: Bool {
    // Another port of this machine is the same site, and still somebody else's page.
    if let relation, ["cross-site", "same-site"].contains(relation.lowercased()) { return true }
    guard let origin else { return false }
    return !isOwn(origin)
  }

  /// Whether an origin is the name that the server was asked under. A proxy may add or end the encryption, so the
  /// scheme only says which port goes without saying.
  private func isOwn(_ origin: String) -> Bool {
    let parts = origin.split(separator: "://", maxSplits: 1)
    guard parts.count == 2, let standard = ["http": 80, "https": 443][parts[0].lowercased()],
      let page = Authority(String(parts[1])), let server = asked.flatMap({ Authority($0) })
    else { return false }
    return page.host == server.host && (page.port ?? standard) == (server.port ?? standard)
  }
}

/// A host and its port, as they stand in `Host` and in an origin.
///
/// Source: RFC 3986, section 3.2.
struct Authority: Hashable, Sendable {
  /// In lower case; an address of version 6 without its brackets.
  let host: String
  let port: Int?

  /// - Returns: `nil` when the text is none, or has a user's name.
  init?(_ text: String) {
    let pattern = /(?:\[([0-9A-Fa-f:.]+)\]|([0-9A-Za-z._~-]+))(?::([0-9]{0,5}))?/
    guard let match = text.wholeMatch(of: pattern), let host = match.output.1 ?? match.output.2 else {
      return nil
    }
    self.host = host.lowercased()
    port = match.output.3.flatMap { Int($0) }
  }
}
