import Chatterbox
import Foundation
import Testing

@Suite("Versions of installed models")
struct VersionsTests {
  let temporary: TemporaryFolder
  var store: ModelStore { temporary.store }

  init() throws { temporary = try TemporaryFolder() }

  /// Installs the standard model twice, with different weights.
  private func installTwo() async throws -> (first: String, second: String) {
    let source = temporary.url.appending(path: "Source")
    try SampleModels.write(SampleModels.standard, to: source)
    let first = try await store.importModel(from: source, as: "standard").version
    try SampleModels.write(["t3_cfg.safetensors": SampleModels.bytes(50_000, 42)], to: source)
    let second = try await store.importModel(from: source, as: "standard").version
    return (first, second)
  }

  @Test("The newest version speaks until another is chosen")
  func use() async throws {
    let (first, second) = try await installTwo()
    #expect(store.checkpoint(of: "standard")?.version == second)
    _ = try await store.use("standard", version: String(first.prefix(10)))
    #expect(store.checkpoint(of: "standard")?.version == first)
    #expect(temporary.bytes("standard", "t3_cfg.safetensors") == SampleModels.standard["t3_cfg.safetensors"])
    #expect(store.installedModels.map(\.active) == [true, false])
    for version in ["", "import-", "nothing", "../standard"] {
      let error = await storeError { _ = try await store.use("standard", version: version) }
      #expect(error?.code == .unknownVersion)
    }
  }

  @Test("A removed version leaves the others, and the newest of them speaks")
  func remove() async throws {
    let (first, second) = try await installTwo()
    try await store.remove("standard", version: second)
    #expect(store.checkpoint(of: "standard")?.version == first)
    try await store.remove("standard")
    #expect(!store.isInstalled(.standard))
    #expect(store.installedModels.isEmpty)
    #expect(!temporary.contents.contains("standard"))
    #expect(await storeError { try await store.remove("standard") }?.code == .unknownName)
  }

  @Test("Names that are not installed suggest the nearest, and none leaves the folder")
  func unknown() async throws {
    _ = try await installTwo()
    let near = await storeError { try await store.remove("standrad") }
    #expect(near?.message.contains("Did you mean 'standard'?") == true)
    for name in ["..", ".", "../x", "/", "standard/../..", "Source", ".locks", ""] {
      #expect(await storeError { try await store.remove(name) }?.code == .unknownName, "\(name)")
      #expect(store.installedFolder(of: name) == nil)
      #expect(store.kind(of: name) == nil)
    }
    #expect(temporary.contents.contains("Source"))
  }

  @Test("Files that a person put in the folder count once they are whole, and only they are removed")
  func plainFolder() async throws {
    let folder = temporary.url.appending(path: "turbo")
    var files = SampleModels.turboRepository
    let merges = files.removeValue(forKey: "merges.txt")
    try SampleModels.write(files, to: folder)
    #expect(!store.isInstalled(.turbo))
    try SampleModels.write(["merges.txt": [], "notes.md": [1]], to: folder)
    #expect(!store.isInstalled(.turbo), "An empty file is no file")
    try SampleModels.write(["merges.txt": merges ?? []], to: folder)
    #expect(store.isInstalled(.turbo))
    #expect(store.installedFolder(of: "turbo")?.path.hasSuffix("/turbo") == true)
    #expect(store.installedModels.map(\.version) == [nil])
    #expect(try store.verify("turbo").unknown == ["turbo"])
    try await store.remove("turbo")
    #expect(!store.isInstalled(.turbo))
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == [
        "notes.md", "s3gen.safetensors",
      ])
  }

  @Test("A fine-tuned model in a folder of its own is found by its name")
  func plainCustom() throws {
    try SampleModels.write(SampleModels.pack, to: temporary.url.appending(path: "mine"))
    #expect(store.kind(of: "mine") == nil, "It has no voice encoder")
    try SampleModels.write(["ve.pt": [1]], to: temporary.url.appending(path: "mine"))
    #expect(store.kind(of: "mine") == .multilingual)
    #expect(store.checkpoint(of: "mine")?.file(.t3)?.lastPathComponent == "t3_pt_br.safetensors")
  }

  @Test("Verification names every file that is missing or was changed, even when its size is the same")
  func verify() async throws {
    let (first, second) = try await installTwo()
    #expect(try store.verify().damage.isEmpty)
    #expect(try store.verify().sound == ["standard \(first)", "standard \(second)"])
    let folder = try #require(store.installedFolder(of: "standard"))
    var bytes = Array(try Data(contentsOf: folder.appending(path: "s3gen.safetensors")))
    bytes[12_345] ^= 4
    try Data(bytes).write(to: folder.appending(path: "s3gen.safetensors"))
    try FileManager.default.removeItem(at: folder.appending(path: "conds.pt"))
    let result = try store.verify("standard")
    #expect(result.damage.map(\.file) == ["conds.pt", "s3gen.safetensors"])
    #expect(result.damage.map(\.kind) == [.missing, .changed])
    #expect(result.damage.allSatisfy { $0.version == second })
    #expect(result.sound == ["standard \(first)"])
    #expect(store.checkpoint(of: "standard")?.version == first, "What is not whole does not speak")
    #expect(await storeError { _ = try store.verify("turbo") }?.code == .unknownName)
  }

  @Test(
    "A manifest or a pointer that makes no sense hides the version and harms nobody",
    arguments: [
      "", "{", "[]", #"{"files": [{"name": "../../x", "sha256": "", "size": 1}]}"#,
      String(repeating: "[", count: 100_000),
    ])
  func damagedManifest(text: String) async throws {
    let (first, second) = try await installTwo()
    let folder = temporary.url.appending(path: "standard")
    try Data(text.utf8).write(to: folder.appending(path: "\(second)/manifest.json"))
    #expect(store.checkpoint(of: "standard")?.version == first)
    try Data("../../etc\n".utf8).write(to: folder.appending(path: "current"))
    #expect(store.checkpoint(of: "standard")?.version == first)
  }
}
