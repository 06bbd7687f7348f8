import Crypto

/// A Lua script that Redis runs as one step.
package struct RedisScript: Sendable {
  package let source: String
  /// By which Redis knows it once it has seen it.
  package let digest: String

  package init(_ source: String) {
    self.source = source
    digest = Insecure.SHA1.hash(data: Array(source.utf8)).map { byte in
      let digits = String(byte, radix: 16)
      return byte < 16 ? "0" + digits : digits
    }.joined()
  }
}
