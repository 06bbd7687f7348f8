import Audio
import Chatterbox
import Foundation
import Testing

@Suite("Importing models")
struct ImportTests {
  let temporary: TemporaryFolder
  let source: URL

  init() throws {
    temporary = try TemporaryFolder()
    source = temporary.url.appending(path: "Source")
  }

  @Test("A fine-tuned model gets a name, a kind and checksums; the same files are the same version")
  func fineTuned() async throws {
    var files = SampleModels.turboRepository
    files["t3_mine.safetensors"] = files.removeValue(forKey: "t3_turbo_v1.safetensors")
    files["optimizer.bin"] = [1, 2, 3]
    try SampleModels.write(files, to: source)
    let manifest = try await temporary.store.importModel(from: source, as: "our-narrator")
    #expect(manifest.kind == "turbo")
    #expect(!manifest.files.contains { $0.name == "optimizer.bin" })
    let t3 = try #require(manifest.files.first { $0.name == "t3_mine.safetensors" })
    #expect(t3.sha256 == SHA256Digest.hexadecimal(of: SampleModels.bytes(40_000, 21)))
    #expect(temporary.bytes("our-narrator", "t3_mine.safetensors") == SampleModels.bytes(40_000, 21))
    #expect(temporary.store.kind(of: "our-narrator") == .turbo)
    let again = try await temporary.store.importModel(from: source, as: "our-narrator")
    #expect(again.version == manifest.version)
    #expect(temporary.store.installedModels.count == 1)
  }

  @Test("What is said with --kind counts where files look alike")
  func nano() async throws {
    var files = SampleModels.turboRepository
    files["t3_small.safetensors"] = files.removeValue(forKey: "t3_turbo_v1.safetensors")
    try SampleModels.write(files, to: source)
    _ = try await temporary.store.importModel(from: source, as: "small", kind: .nano)
    #expect(temporary.store.kind(of: "small") == .nano)
  }

  @Test("A folder of the hub's own cache, which holds links, imports as the official model")
  func links() async throws {
    let blobs = temporary.url.appending(path: "Blobs")
    try SampleModels.write(SampleModels.standard, to: blobs)
    try FileManager.default.createDirectory(at: source, withIntermediateDirectories: true)
    for name in SampleModels.standard.keys {
      try FileManager.default.createSymbolicLink(
        atPath: source.appending(path: name).path, withDestinationPath: "../Blobs/\(name)")
    }
    _ = try await temporary.store.importModel(from: source, as: "standard")
    try FileManager.default.removeItem(at: blobs)
    #expect(temporary.bytes("standard", "conds.pt") == SampleModels.standard["conds.pt"])
    #expect(temporary.store.isInstalled(.standard))
  }

  @Test("What is not a whole model is refused with the names of what is missing, and leaves nothing")
  func refusals() async throws {
    func message(_ files: [String: [UInt8]], _ name: String = "mine", _ kind: ModelName? = nil) async throws
      -> String
    {
      try? FileManager.default.removeItem(at: source)
      try SampleModels.write(files, to: source)
      let error = await storeError {
        _ = try await temporary.store.importModel(from: source, as: name, kind: kind)
      }
      return error?.message ?? "(accepted)"
    }
    var noEncoder = SampleModels.standard
    noEncoder["ve.safetensors"] = nil
    #expect(try await message(noEncoder).contains("ve.safetensors missing"))
    var empty = SampleModels.standard
    empty["s3gen.safetensors"] = []
    #expect(try await message(empty).contains("s3gen.safetensors missing"))
    #expect(try await message([:]).contains("no file in it"))
    #expect(try await message(["x.txt": [1]]).contains("no Chatterbox model"))
    #expect(try await message(SampleModels.standard, "turbo").contains("not a whole turbo model"))
    #expect(try await message(SampleModels.standard, "turbo", .standard).contains("another kind"))
    #expect(try await message(SampleModels.standard, "starter").contains("another kind"))
    #expect(try await message(SampleModels.standard, "../x").contains("cannot be a model's name"))
    #expect(temporary.store.installedModels.isEmpty)
    #expect(temporary.contents == ["Source"])
  }

  @Test("A folder that is not there is an error")
  func noFolder() async throws {
    let error = await storeError { _ = try await temporary.store.importModel(from: source, as: "mine") }
    #expect(error?.code == .incomplete)
  }
}
