import Foundation

/// Where a Redis is, and how to be let in: `redis://user:password@host:6379/0`.
package struct RedisAddress: Hashable, Sendable {
  package let host: String
  package let port: Int
  package let user: String?
  package let password: String?
  package let database: Int

  /// - Returns: `nil` when the text is no such address. TLS (`rediss`) is not spoken: Debian's hiredis has none.
  package init?(_ text: String) {
    guard let parts = URLComponents(string: text), parts.scheme == "redis", let host = parts.host,
      !host.isEmpty,
      parts.query == nil, parts.fragment == nil
    else { return nil }
    let path = parts.path.split(separator: "/")
    guard path.count <= 1, let database = path.first.map({ Int($0) }) ?? 0, (0...1_023).contains(database)
    else {
      return nil
    }
    self.host = host.trimmingCharacters(in: CharacterSet(charactersIn: "[]"))
    port = parts.port ?? 6_379
    guard (1...65_535).contains(port) else { return nil }
    user = parts.user.flatMap { $0.isEmpty ? nil : $0 }
    password = parts.password
    self.database = database
  }
}
