package import Foundation

/// Where the hub is and who asks it.
package struct HubConfiguration: Sendable {
  /// Scheme, host and port, and a path when a mirror has one; no trailing slash.
  package let endpoint: URL
  /// The access token, for private and gated repositories. It goes to the endpoint only.
  let token: String?
  let proxies: ProxySettings
  package var retries = RetryPolicy()
  /// How long a connection may be silent.
  package var silence = Duration.seconds(60)

  /// Reads `HF_ENDPOINT` and `HF_TOKEN`, the hub's own variables, and the usual proxy variables.
  ///
  /// - Throws: ``ModelStoreError`` that names the malformed variable.
  package init(environment: [String: String]) throws(ModelStoreError) {
    let address = environment["HF_ENDPOINT"].flatMap { $0.isEmpty ? nil : $0 } ?? "https://huggingface.co"
    var trimmed = Substring(address)
    while trimmed.last == "/" { trimmed = trimmed.dropLast() }
    guard let url = URL(string: String(trimmed)), ["http", "https"].contains(url.scheme ?? ""),
      url.host?.isEmpty == false, url.query == nil, url.fragment == nil, url.user == nil
    else {
      throw ModelStoreError(
        .invalidSetting, "HF_ENDPOINT must be an address such as https://huggingface.co, without a query.")
    }
    endpoint = url
    let token = environment["HF_TOKEN"]?.trimmingCharacters(in: .whitespacesAndNewlines) ?? ""
    guard token.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
      throw ModelStoreError(.invalidSetting, "HF_TOKEN holds characters that no token has.")
    }
    self.token = token.isEmpty ? nil : token
    proxies = try ProxySettings(environment: environment)
  }

  /// The address of something on the hub.
  ///
  /// - Parameters:
  ///   - components: path components; `/` and everything else outside the unreserved set is escaped.
  func url(_ components: [String], query: String? = nil) -> URL? {
    let path = components.map { component in
      component.addingPercentEncoding(withAllowedCharacters: Self.unreserved) ?? ""
    }.joined(separator: "/")
    return URL(string: "\(endpoint.absoluteString)/\(path)\(query.map { "?\($0)" } ?? "")")
  }

  /// Whether the token may go to an address: scheme, host and port are the endpoint's.
  func isEndpoint(_ url: URL) -> Bool {
    func port(_ url: URL) -> Int { url.port ?? (url.scheme?.lowercased() == "https" ? 443 : 80) }
    return url.scheme?.lowercased() == endpoint.scheme?.lowercased()
      && url.host?.lowercased() == endpoint.host?.lowercased() && port(url) == port(endpoint)
  }

  private static let unreserved = CharacterSet(
    charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
}
