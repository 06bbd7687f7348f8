import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import NIOHTTP1
import Service

/// Lets requests in, or says why not, before anything of them is read.
struct AccessGate: Sendable {
  private let doorkeeper: Doorkeeper
  private let sites: SiteGuard
  private let proxies: [AddressRange]

  /// - Parameter host: the address that the server listens on.
  init(node: SpeechNode, host: String) {
    doorkeeper = node.doorkeeper
    sites = SiteGuard(node.configuration.security, host: host)
    proxies = node.configuration.security.trustedProxies.compactMap(AddressRange.init)
  }

  /// Lets a request in, and takes down whose it is, also when it is refused.
  ///
  /// - Throws: ``AccessRefusal``; ``APIError`` for a page of another site.
  func admit(_ request: Request, _ context: APIContext, for scope: AccessScope) async throws {
    let address = address(
      of: context.channel, forwarded: request.headers[values: .xForwardedFor].joined(separator: ","))
    context.notes.note { $0.address = address }
    // Without keys, callers take turns by what they call themselves.
    let name = request.headers[.authorization].map(APIContext.shortHash)
    let credentials = Doorkeeper.Credentials(
      secret: request.headers[.authorization].flatMap(Self.secret) ?? request.headers[.xAPIKey]
        ?? Self.socketSecret(of: request),
      address: address, name: name)
    let caller = try await doorkeeper.caller(credentials)
    context.notes.note { $0.caller = caller }
    // Before it is counted: a page must not use up what its reader may ask for.
    try sites.check(RequestSite(request), on: context.channel)
    try await doorkeeper.check(caller, for: scope)
  }

  /// Whether a WebSocket may be opened: with a key that is good, and without keys by no page of another site.
  func admits(_ head: HTTPRequestHead, on channel: any Channel) async -> Bool {
    guard (try? sites.check(RequestSite(head), on: channel)) != nil else { return false }
    return (try? await doorkeeper.admit(credentials(of: head, on: channel), for: .speak)) != nil
  }

  /// What a WebSocket's handshake says about who sent it. Browsers can say it only in the address.
  func credentials(of head: HTTPRequestHead, on channel: any Channel) -> Doorkeeper.Credentials {
    let query = head.uri.split(separator: "?", maxSplits: 1).dropFirst().first ?? ""
    let token = URLComponents(string: "?\(query)")?.queryItems?.first { $0.name == Self.parameter }?.value
    let secret =
      head.headers.first(name: "authorization").flatMap(Self.secret) ?? head.headers.first(name: "x-api-key")
      ?? token
    let forwarded = head.headers["x-forwarded-for"].joined(separator: ",")
    return Doorkeeper.Credentials(secret: secret, address: address(of: channel, forwarded: forwarded))
  }

  /// The parameter of a WebSocket's address that carries a key or a token.
  static let parameter = "access_token"

  /// Who is at the other end: what a trusted proxy says, else who is connected.
  private func address(of channel: any Channel, forwarded: String) -> String? {
    guard let peer = channel.remoteAddress?.ipAddress else { return nil }
    var address = peer
    // The last is what the nearest proxy saw; each is believed only as far as the one that says it.
    for hop in forwarded.split(separator: ",").reversed() {
      guard isProxy(address) else { break }
      let text = hop.trimmingCharacters(in: .whitespaces)
      guard NetworkAddress(text) != nil else { break }
      address = text
    }
    return address
  }

  private func isProxy(_ address: String) -> Bool {
    guard let address = NetworkAddress(address) else { return false }
    return proxies.contains { $0.contains(address) }
  }

  /// The key in the address of a handshake that was refused, and is told why.
  private static func socketSecret(of request: Request) -> String? {
    guard request.uri.path == SocketHandshake.path else { return nil }
    return request.uri.queryParameters.get(parameter)
  }

  private static func secret(of header: String) -> String? {
    let words = header.split(separator: " ", maxSplits: 1)
    guard words.count == 2, words[0].lowercased() == "bearer" else { return nil }
    return words[1].trimmingCharacters(in: .whitespaces)
  }
}
