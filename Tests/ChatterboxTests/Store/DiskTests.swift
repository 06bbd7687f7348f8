import Foundation
import Testing

@testable import Chatterbox

@Suite("Disks that do not take files")
struct DiskTests {
  @Test("A models folder that cannot be made is an error without its path")
  func notAFolder() async throws {
    let temporary = try TemporaryFolder()
    try Data([1]).write(to: temporary.url.appending(path: "file"))
    let store = ModelStore(directory: temporary.path("file"))
    try await TestHub.run([SampleModels.base: SampleModels.standard]) { hub in
      let error = await storeError { _ = try await store.pull(.named("standard"), from: hub.configuration()) }
      #expect(error?.code == .notWritable)
      #expect(error?.message.contains(temporary.url.path) == false)
    }
    #expect(store.installedModels.isEmpty)
  }

  @Test("A full disk is said to be full", .enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
  func full() throws {
    let descriptor = open("/dev/full", O_WRONLY)
    defer { close(descriptor) }
    let error = #expect(throws: ModelStoreError.self) {
      try [UInt8](repeating: 1, count: 10).withUnsafeBytes {
        try FileBytes.write($0, to: descriptor, at: 0, "t3.safetensors")
      }
    }
    #expect(error?.code == .diskFull)
    #expect(error?.message.contains("t3.safetensors") == true)
  }

  @Test("A model larger than the disk is refused before it is fetched")
  func tooLarge() throws {
    let temporary = try TemporaryFolder()
    let stage = try StagedVersion(ModelFolder(name: "turbo", url: temporary.url), version: "x")
    #expect(throws: Never.self) { try stage.requireSpace(for: 1) }
    let error = #expect(throws: ModelStoreError.self) { try stage.requireSpace(for: 1 << 60) }
    #expect(error?.code == .diskFull)
  }

  @Test(
    "The system's errors have their meaning",
    arguments: [
      (ENOSPC, ModelStoreError.Code.diskFull), (EDQUOT, .diskFull), (EACCES, .notWritable),
      (EROFS, .notWritable),
      (EIO, .notWritable),
    ])
  func meanings(number: Int32, code: ModelStoreError.Code) {
    #expect(ModelStoreError.disk(number, "file").code == code)
    let error = NSError(
      domain: NSCocoaErrorDomain, code: 4,
      userInfo: [NSUnderlyingErrorKey: NSError(domain: NSPOSIXErrorDomain, code: Int(number))])
    #expect((ModelStoreError.disk(error, "file") as? ModelStoreError)?.code == code)
  }
}
