import Dispatch
import Foundation

/// What addresses a name stands for.
enum HostLookup {
  private static let queue = DispatchQueue(label: "host lookup", attributes: .concurrent)

  /// All of them; none when nobody knows.
  static func addresses(of host: String) async -> [NetworkAddress] {
    await withCheckedContinuation { continuation in
      // The system's lookup waits, where Swift's tasks must not.
      queue.async { continuation.resume(returning: lookUp(host)) }
    }
  }

  private static func lookUp(_ host: String) -> [NetworkAddress] {
    var hints = addrinfo()
    hints.ai_family = AF_UNSPEC
    hints.ai_protocol = Int32(IPPROTO_TCP)
    var list: UnsafeMutablePointer<addrinfo>?
    guard getaddrinfo(host, nil, &hints, &list) == 0 else { return [] }
    defer { freeaddrinfo(list) }
    var found: [NetworkAddress] = []
    var next = list
    while let entry = next?.pointee {
      var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
      if getnameinfo(
        entry.ai_addr, entry.ai_addrlen, &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST) == 0,
        let end = text.firstIndex(of: 0)
      {
        let name = String(decoding: text[..<end].map { UInt8(bitPattern: $0) }, as: UTF8.self)
        // Without the interface that a link-local address names.
        if let address = NetworkAddress(String(name.prefix { $0 != "%" })), !found.contains(address) {
          found.append(address)
        }
      }
      next = entry.ai_next
    }
    return found
  }
}
