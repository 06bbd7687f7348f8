import Crypto
import Foundation

/// Where webhooks may be sent, and how they are signed.
struct WebhookRules: Sendable {
  let configuration: ServiceConfiguration.Jobs

  init(_ configuration: ServiceConfiguration.Jobs) {
    self.configuration = configuration
  }

  /// - Throws: ``JobDesk/Refusal/webhook(_:)`` that says which setting would allow it.
  func check(_ text: String) throws(JobDesk.Refusal) {
    guard configuration.webhookSecret != nil else {
      throw .webhook("Webhooks are switched off: set jobs.webhook_secret and jobs.webhook_hosts.")
    }
    guard text.utf8.count <= 2_000,
      text.unicodeScalars.allSatisfy({ $0.isASCII && $0.value > 32 && $0.value != 127 }),
      let url = URL(string: text), let host = url.host(),
      ["http", "https"].contains(url.scheme ?? ""), url.user() == nil
    else {
      throw .webhook("webhook_url must be an http or https address without a user name.")
    }
    guard configuration.webhookHosts.contains(where: { $0.lowercased() == host.lowercased() }) else {
      throw .webhook(
        "Webhooks may not be sent to this host: jobs.webhook_hosts lists those that are allowed.")
    }
  }

  /// The address that a delivery may go to, found out once and used for the connection, so that a name cannot come
  /// to mean another in between.
  ///
  /// - Returns: `nil` when the name stands for nothing, or for a private address that the configuration does not allow.
  func address(of url: String) async -> String? {
    guard let host = URL(string: url)?.host() else { return nil }
    let bare = host.trimmingCharacters(in: CharacterSet(charactersIn: "[]"))
    // Whoever wrote an address itself into the list meant it.
    if NetworkAddress(bare) != nil { return bare }
    let found = await HostLookup.addresses(of: bare)
    guard configuration.webhookPrivate || found.allSatisfy({ !$0.isPrivate }) else { return nil }
    return found.first?.text
  }

  /// `t=1764072000,v1=…`: HMAC-SHA256 of the time, a point and the body, under the secret.
  func signature(of body: Data, at time: Int) -> String {
    let key = SymmetricKey(data: Data((configuration.webhookSecret ?? "").utf8))
    let code = HMAC<SHA256>.authenticationCode(for: Data("\(time).".utf8) + body, using: key)
    return "t=\(time),v1=" + code.map { String(format: "%02x", $0) }.joined()
  }
}
