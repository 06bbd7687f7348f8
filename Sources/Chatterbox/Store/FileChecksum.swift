import Audio
import Crypto

/// What the hub says of a file's bytes.
enum FileChecksum: Hashable, Sendable {
  /// Of large files: 64 hexadecimal digits.
  case sha256(String)
  /// Of small files, git's blob identifier: SHA-1 of `blob <size>\0` and the bytes, 40 hexadecimal digits.
  case gitBlob(String)

  /// Reads an entity tag or a field of the hub's listing; `nil` when it is no checksum.
  init?(_ text: String?) {
    guard let text = text?.trimmingPrefix("W/").lowercased().filter({ $0 != "\"" }),
      text.utf8.allSatisfy({ "0123456789abcdef".utf8.contains($0) })
    else { return nil }
    switch text.utf8.count {
    case 64: self = .sha256(text)
    case 40: self = .gitBlob(text)
    default: return nil
    }
  }
}

/// The checksums of a file that arrives piece by piece: SHA-256, and the hub's own where that is another.
struct FileDigest: Sendable {
  private var sha256 = SHA256Digest()
  private var blob: Insecure.SHA1?
  private let checksum: FileChecksum?

  /// A digest of a file that will have `size` bytes and should match a checksum.
  init(size: Int, expecting checksum: FileChecksum? = nil) {
    self.checksum = checksum
    guard case .gitBlob = checksum else { return }
    var blob = Insecure.SHA1()
    blob.update(data: Array("blob \(size)\0".utf8))
    self.blob = blob
  }

  mutating func update(_ bytes: UnsafeRawBufferPointer) {
    sha256.update(bytes)
    blob?.update(bufferPointer: bytes)
  }

  /// The SHA-256 of all bytes so far: 64 hexadecimal digits.
  var hexadecimal: String { sha256.hexadecimal }

  /// Whether the bytes so far are those that were expected.
  var isExpected: Bool {
    switch checksum {
    case .sha256(let expected): sha256.hexadecimal == expected
    case .gitBlob(let expected): blob?.finalize().hexadecimal == expected
    case nil: false
    }
  }
}
