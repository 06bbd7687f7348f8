internal import Crypto
internal import Foundation

/// A SHA-256 that grows with its bytes and ends as lower-case hexadecimal.
package struct SHA256Digest: Sendable {
  private var hasher = SHA256()

  package init() {}

  /// Takes the next bytes.
  package mutating func update(_ bytes: [UInt8]) {
    bytes.withUnsafeBytes { hasher.update(bufferPointer: $0) }
  }

  /// Takes the next bytes.
  package mutating func update(_ bytes: UnsafeRawBufferPointer) {
    hasher.update(bufferPointer: bytes)
  }

  /// The digest of all bytes so far: 64 hexadecimal digits. More bytes may follow.
  package var hexadecimal: String { hasher.finalize().hexadecimal }

  /// The digest of some bytes.
  package static func hexadecimal(of bytes: [UInt8]) -> String {
    var digest = SHA256Digest()
    digest.update(bytes)
    return digest.hexadecimal
  }

  /// The digest of a file, read in pieces of 1 MiB.
  package static func hexadecimal(ofFile path: String) throws(UnreadableFileError) -> String {
    do {
      let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
      defer { try? file.close() }
      var digest = SHA256Digest()
      while let piece = try file.read(upToCount: 1 << 20), !piece.isEmpty {
        digest.hasher.update(data: piece)
      }
      return digest.hexadecimal
    } catch {
      throw UnreadableFileError(path: path, reason: error.localizedDescription)
    }
  }
}

extension Sequence<UInt8> {
  /// The bytes as lower-case hexadecimal digits.
  package var hexadecimal: String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }
}

/// A file that could not be read.
package struct UnreadableFileError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The file's path.
  package let path: String
  /// The system's own words.
  package let reason: String

  package var description: String { "The file \(path) cannot be read: \(reason)" }
}
