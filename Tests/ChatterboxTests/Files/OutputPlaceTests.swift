import Audio
import Foundation
import Testing

@testable import Chatterbox

@Suite("Where speech can be written")
struct OutputPlaceTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func write(to path: String) async throws -> SpeechSummary {
    try await StubModel().stream("Hello there.").write(to: path)
  }

  private func type(of path: String) throws -> FileAttributeType? {
    try FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType
  }

  @Test("a folder that does not exist is said to be missing")
  func missingFolder() async throws {
    let error = try await refusal { try await write(to: folder.path("none/out.wav")) }
    #expect(error.code == .outputNotWritable)
    #expect(error.message.contains("does not exist"))
    #expect(folder.contents.isEmpty)
  }

  @Test("a file in place of the folder is an error, too")
  func fileAsFolder() async throws {
    try Data().write(to: folder.url.appending(path: "file"))
    let error = try await refusal { try await write(to: folder.path("file/out.wav")) }
    #expect(error.code == .outputNotWritable)
    #expect(folder.contents == ["file"])
  }

  @Test("a folder that may not be written to is said to be so", .enabled(if: getuid() != 0))
  func readOnlyFolder() async throws {
    try FileManager.default.setAttributes([.posixPermissions: 0o555], ofItemAtPath: folder.url.path)
    defer {
      try? FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.url.path)
    }
    let error = try await refusal { try await write(to: folder.path("out.wav")) }
    #expect(error.code == .outputNotWritable)
    #expect(error.message.contains("not writable"))
    #expect(folder.contents.isEmpty)
  }

  @Test("a folder is no file, and stays empty", arguments: ["", "/"])
  func folderAsFile(ending: String) async throws {
    let path = folder.path("sub")
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    let model = StubModel()
    let error = try await refusal { try await model.stream("Hello there.").write(to: path + ending) }
    #expect(error.code == .outputNotWritable)
    #expect(error.message.contains("folder"))
    #expect(folder.contents == ["sub"])
    #expect(try FileManager.default.contentsOfDirectory(atPath: path).isEmpty)
  }

  @Test("an empty path is an error")
  func emptyPath() async throws {
    let error = try await refusal { try await write(to: "") }
    #expect(error.code == .outputNotWritable)
  }

  @Test(
    "names may have spaces, marks of URLs and any script",
    arguments: [
      "a b.wav", "100%.wav", "%41.wav", "a#b?c.wav", "음성.wav", "~.wav", "-o.wav", ".hidden", "no ending",
    ])
  func names(_ name: String) async throws {
    let summary = try await write(to: folder.path("") + "/" + name)
    #expect(folder.contents.map { $0.precomposedStringWithCanonicalMapping } == [name])
    #expect(summary.sha256.count == 64)
  }

  @Test("no message has the path")
  func discretion() async throws {
    let error = try await refusal { try await write(to: folder.path("none/out.wav")) }
    #expect(!error.message.contains(folder.url.path))
  }

  #if os(Linux)
    @Test("a full disk is said to be full")
    func fullDisk() async throws {
      let error = try await refusal { try await write(to: "/dev/full") }
      #expect(error.code == .outputNotWritable)
      #expect(error.message.contains("full"), "\(error.message)")
      #expect(try type(of: "/dev/full") == .typeCharacterSpecial)
    }

    @Test(
      "a file system that takes no files is an error even for root",
      arguments: ["/proc/out.wav", "/sys/out.wav"])
    func unwritable(path: String) async throws {
      let error = try await refusal { try await write(to: path) }
      #expect(error.code == .outputNotWritable)
    }
  #endif

  @Test("a device is written to and stays a device")
  func device() async throws {
    let summary = try await write(to: "/dev/null")
    #expect(summary.sha256.count == 64)
    #expect(try type(of: "/dev/null") == .typeCharacterSpecial)
  }

  @Test("a link to a device is written through and stays a link")
  func linkToDevice() async throws {
    let link = folder.path("link")
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "/dev/null")
    _ = try await write(to: link)
    #expect(try type(of: link) == .typeSymbolicLink)
    #expect(folder.contents == ["link"])
  }

  @Test("a file that is reached by a link gets the speech")
  func linkToFile() async throws {
    let (link, file) = (folder.path("link.wav"), folder.path("file.wav"))
    try Data("old".utf8).write(to: URL(filePath: file))
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: file)
    let summary = try await write(to: link)
    #expect(try SHA256Digest.hexadecimal(ofFile: link) == summary.sha256)
    #expect(folder.contents == ["file.wav", "link.wav"])
  }

  @Test("a pipe gets a header of unknown length, the samples, and their hash")
  func pipe() async throws {
    let file = folder.url.appending(path: "piped.wav")
    try Data().write(to: file)
    let handle = try FileHandle(forWritingTo: file)
    let stream = try StubModel().stream("Hello there.")
    let summary = try await stream.write(to: handle, .float32)
    try handle.close()
    let bytes = [UInt8](try Data(contentsOf: file))
    #expect(summary.sha256 == SHA256Digest.hexadecimal(of: bytes))
    #expect(try await WAVReader.read(bytes).samples == stream.allChunks.flatMap(\.samples))
  }

  @Test("a failure before the first samples writes nothing into a pipe")
  func failedPipe() async throws {
    let file = folder.url.appending(path: "piped.wav")
    try Data().write(to: file)
    let handle = try FileHandle(forWritingTo: file)
    await #expect(throws: ChatterboxError.self) {
      try await StubModel(.samples([])).stream("Hello there.").write(to: handle)
    }
    #expect(try Data(contentsOf: file).isEmpty)
  }
}
