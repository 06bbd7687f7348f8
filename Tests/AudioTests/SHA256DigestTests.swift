import Audio
import Foundation
import Testing

@Suite("SHA256Digest")
struct SHA256DigestTests {
  @Test(
    "the digests of FIPS 180-4's examples",
    arguments: [
      ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
      (
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
      ),
    ])
  func examples(text: String, digest: String) {
    #expect(SHA256Digest.hexadecimal(of: Array(text.utf8)) == digest)
  }

  @Test("pieces give the digest of the whole, and it can be asked for on the way")
  func incremental() {
    let bytes = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 * 31) }
    var digest = SHA256Digest()
    for start in stride(from: 0, to: bytes.count, by: 777) {
      let end = min(start + 777, bytes.count)
      digest.update(Array(bytes[start..<end]))
      if start == 7770 { #expect(digest.hexadecimal == SHA256Digest.hexadecimal(of: Array(bytes[..<end]))) }
    }
    digest.update([])
    #expect(digest.hexadecimal == SHA256Digest.hexadecimal(of: bytes))
  }

  @Test("a file's digest is that of its bytes", arguments: [0, 1, 1 << 20, (1 << 20) + 1, 3_000_000])
  func file(size: Int) throws {
    let path = temporaryPath()
    defer { try? FileManager.default.removeItem(atPath: path) }
    let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 7) }
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    #expect(try SHA256Digest.hexadecimal(ofFile: path) == SHA256Digest.hexadecimal(of: bytes))
  }

  @Test("a file that is not there, or is a folder, is named in the error")
  func unreadable() {
    for path in [temporaryPath(), FileManager.default.temporaryDirectory.path] {
      let error = #expect(throws: UnreadableFileError.self) { try SHA256Digest.hexadecimal(ofFile: path) }
      #expect(error?.path == path)
      #expect(error?.description.contains(path) == true)
      #expect(error?.reason.isEmpty == false)
    }
  }

  private func temporaryPath() -> String {
    FileManager.default.temporaryDirectory.appendingPathComponent("audio-\(UUID().uuidString)").path
  }
}
