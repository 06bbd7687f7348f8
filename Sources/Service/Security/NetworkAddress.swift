import Foundation

/// An IP address, as 16 bytes: one of version 4 is the part of version 6 that stands for it.
package struct NetworkAddress: Hashable, Sendable {
  let bytes: [UInt8]

  /// - Returns: `nil` when the text is no address.
  package init?(_ text: String) {
    var four = in_addr()
    var six = in6_addr()
    if inet_pton(AF_INET, text, &four) == 1 {
      bytes = [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF] + withUnsafeBytes(of: &four) { Array($0) }
    } else if inet_pton(AF_INET6, text, &six) == 1 {
      bytes = withUnsafeBytes(of: &six) { Array($0) }
    } else {
      return nil
    }
  }

  /// As people write it.
  var text: String {
    var bytes = bytes
    var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
    let isFour = bytes.prefix(12) == [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]
    if isFour { bytes.removeFirst(12) }
    inet_ntop(isFour ? AF_INET : AF_INET6, bytes, &text, socklen_t(text.count))
    return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Whether it belongs to this machine, a private network, or nothing that anybody should send to.
  ///
  /// Source: IANA's registries of special-purpose addresses (RFC 6890).
  package var isPrivate: Bool { Self.special.contains { $0.contains(self) } }

  private static let special = [
    "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
    "192.0.0.0/24",
    "192.0.2.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4",
    "240.0.0.0/4", "::/128", "::1/128", "64:ff9b::/96", "100::/64", "2001:db8::/32", "fc00::/7", "fe80::/10",
    "ff00::/8",
  ].compactMap(AddressRange.init)
}

/// Addresses that begin alike: `10.0.0.0/8`, or one address.
package struct AddressRange: Hashable, Sendable {
  private let first: NetworkAddress
  private let bitCount: Int

  /// - Returns: `nil` when the text is no range.
  package init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count), let first = NetworkAddress(String(parts[0])) else { return nil }
    let most = parts[0].contains(":") ? 128 : 32
    guard let count = parts.count == 2 ? Int(parts[1]) : most, (0...most).contains(count) else { return nil }
    self.first = first
    bitCount = 128 - most + count
  }

  package func contains(_ address: NetworkAddress) -> Bool {
    let whole = bitCount / 8
    guard address.bytes.prefix(whole) == first.bytes.prefix(whole) else { return false }
    guard bitCount % 8 != 0 else { return true }
    let mask = UInt8(truncatingIfNeeded: 0xFF << (8 - bitCount % 8))
    return address.bytes[whole] & mask == first.bytes[whole] & mask
  }
}
