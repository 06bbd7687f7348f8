import Foundation

/// The proxy of this machine's environment: `https_proxy`, `http_proxy`, `no_proxy`, in either case.
struct ProxySettings: Hashable, Sendable {
  struct Server: Hashable, Sendable {
    let host: String
    let port: Int
    let user: String?
    let password: String?
  }

  private let servers: [String: Server]
  private let exceptions: [String]

  /// - Throws: ``ModelStoreError`` that names a malformed variable.
  init(environment: [String: String]) throws(ModelStoreError) {
    func value(_ name: String) -> String {
      let lower = environment[name] ?? ""
      return lower.isEmpty ? environment[name.uppercased()] ?? "" : lower
    }
    var servers: [String: Server] = [:]
    for scheme in ["http", "https"] {
      let address = value("\(scheme)_proxy")
      if !address.isEmpty { servers[scheme] = try Self.server(address, variable: "\(scheme)_proxy") }
    }
    self.servers = servers
    exceptions = value("no_proxy").split(separator: ",").map { exception in
      let name = exception.trimmingCharacters(in: .whitespaces).lowercased()
      return name.hasPrefix("*.") ? String(name.dropFirst()) : name
    }
  }

  /// The proxy for an address; `nil` to go straight to it.
  func server(for url: URL) -> Server? {
    guard let host = url.host?.lowercased(), let server = servers[url.scheme?.lowercased() ?? ""] else {
      return nil
    }
    let isExcepted = exceptions.contains { exception in
      exception == "*" || host == exception
        || host.hasSuffix(exception.hasPrefix(".") ? exception : "." + exception)
    }
    return isExcepted ? nil : server
  }

  private static func server(_ address: String, variable: String) throws(ModelStoreError) -> Server {
    let url = URL(string: address.contains("://") ? address : "http://\(address)")
    guard let url, url.scheme == "http", let host = url.host, !host.isEmpty else {
      throw ModelStoreError(.invalidSetting, "\(variable) must be an address such as http://proxy:3128.")
    }
    return Server(host: host, port: url.port ?? 80, user: url.user, password: url.password)
  }
}
