import NIOCore
import Service

/// Keeps web pages of others away from a server that asks nobody who they are.
///
/// With keys it has nothing to do: no page has one, and no browser sends one by itself.
struct SiteGuard: Sendable {
  private static let loopback = ["127.0.0.0/8", "::1/128"].compactMap(AddressRange.init)

  private let isNeeded: Bool
  /// Whether clients of this machine must know the server by a name that is this machine's own.
  private let checksName: Bool
  /// What the server was told to listen on.
  private let host: String

  init(_ security: ServiceConfiguration.Security, host: String) {
    isNeeded = !security.isOn
    // A proxy on this machine passes on the name that its clients know it by.
    checksName = isNeeded && security.trustedProxies.isEmpty
    self.host = host.lowercased()
  }

  /// Refuses what a page of another site asks for.
  ///
  /// - Throws: ``APIError/crossSite``, ``APIError/misdirected``.
  func check(_ site: RequestSite, on channel: any Channel) throws(APIError) {
    guard isNeeded else { return }
    guard !site.isForeign else { throw .crossSite }
    guard !checksName || !Self.isLocal(channel) || isOurs(site.asked) else { throw .misdirected }
  }

  /// Whether a name is one that nobody else can have. Whoever owns another can have it stand for this machine, and
  /// then a browser takes their page for ours.
  private func isOurs(_ asked: String?) -> Bool {
    // Before HTTP/1.1 nobody had to say it, and browsers always do.
    guard let asked else { return true }
    guard let name = Authority(asked)?.host else { return false }
    return name == "localhost" || name == host || Self.isLoopback(name)
  }

  /// Whether both ends of a connection are on this machine.
  private static func isLocal(_ channel: any Channel) -> Bool {
    [channel.localAddress, channel.remoteAddress].allSatisfy { $0?.ipAddress.map(isLoopback) ?? false }
  }

  private static func isLoopback(_ text: String) -> Bool {
    guard let address = NetworkAddress(text) else { return false }
    return loopback.contains { $0.contains(address) }
  }
}
