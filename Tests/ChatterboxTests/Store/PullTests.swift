import Chatterbox
import Foundation
import Synchronization
import Testing

@Suite("Pulling models")
struct PullTests {
  let temporary: TemporaryFolder

  init() throws { temporary = try TemporaryFolder() }

  @Test("An official model is fetched whole, and nothing else of its repository")
  func official() async throws {
    try await TestHub.run([SampleModels.base: SampleModels.baseRepository]) { hub in
      #expect(!temporary.store.isInstalled(.standard))
      let events = Events()
      let manifest = try await temporary.store.pull(
        .named("standard"), from: hub.configuration(), report: events.report)
      #expect(temporary.store.isInstalled(.standard))
      #expect(!temporary.store.isInstalled(.multilingual))
      #expect(manifest.files.map(\.name) == SampleModels.standard.keys.sorted())
      #expect(events.downloaded == SampleModels.standard.keys.sorted())
      for (name, bytes) in SampleModels.standard { #expect(temporary.bytes("standard", name) == bytes) }
      #expect(manifest.kind == "standard")
      #expect(manifest.sources.first?.commit.hasPrefix(manifest.version) == true)
      let folder = temporary.url.appending(path: "standard")
      #expect(
        try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == [
          manifest.version, "current",
        ])
    }
  }

  @Test("Turbo takes the mean-flow decoder and all its tokenizer files")
  func turbo() async throws {
    try await TestHub.run([SampleModels.turbo: SampleModels.turboRepository]) { hub in
      let manifest = try await temporary.store.pull(.named("turbo"), from: hub.configuration())
      #expect(
        manifest.files.map(\.name)
          == SampleModels.turboRepository.keys.filter { $0 != "s3gen.safetensors" }.sorted())
      let checkpoint = try #require(temporary.store.checkpoint(of: "turbo"))
      #expect(checkpoint.kind == .turbo)
      #expect(checkpoint.file(.s3gen)?.lastPathComponent == "s3gen_meanflow.safetensors")
      #expect(checkpoint.file(.cangjie) == nil)
    }
  }

  @Test("Multilingual V3 shares its files with V2 instead of fetching them again")
  func reuse() async throws {
    try await TestHub.run([SampleModels.base: SampleModels.baseRepository]) { hub in
      _ = try await temporary.store.pull(.named("multilingual"), from: hub.configuration())
      let events = Events()
      let manifest = try await temporary.store.pull(
        .named("multilingual-v3"), from: hub.configuration(), report: events.report)
      #expect(manifest.files.count == 6)
      #expect(!events.downloaded.contains("s3gen.pt"))
      #expect(events.downloaded.contains("t3_mtl23ls_v3.safetensors"))
      let t3 = temporary.store.checkpoint(of: "multilingual-v3")?.file(.t3)
      #expect(t3?.lastPathComponent == "t3_mtl23ls_v3.safetensors")
      #expect(temporary.store.kind(of: "multilingual-v3") == .multilingual)
    }
  }

  @Test("A single-language pack takes what it lacks from the official repository")
  func pack() async throws {
    let name = "ResembleAI/Chatterbox-Multilingual-pt-br"
    try await TestHub.run([SampleModels.base: SampleModels.baseRepository, name: SampleModels.pack]) { hub in
      let manifest = try await temporary.store.pull(.named("multilingual-pt-br"), from: hub.configuration())
      #expect(
        manifest.files.map(\.name) == [
          "Cangjie5_TC.json", "conds.pt", "grapheme_mtl_merged_expanded_v1.json", "s3gen_v3.safetensors",
          "t3_pt_br.safetensors", "ve.pt",
        ])
      #expect(manifest.sources.map(\.repository) == [name, SampleModels.base])
      #expect(temporary.store.kind(of: "multilingual-pt-br") == .multilingual)
    }
  }

  @Test("A fine-tuned model of any repository is recognised by its tokenizer and gets a name")
  func anyRepository() async throws {
    var files = SampleModels.standard
    files["t3_mine.safetensors"] = files.removeValue(forKey: "t3_cfg.safetensors")
    try await TestHub.run(["someone/My.Voice": files]) { hub in
      let manifest = try await temporary.store.pull(.named("someone/My.Voice"), from: hub.configuration())
      #expect(manifest.name == "my.voice")
      #expect(temporary.store.kind(of: "my.voice") == .standard)
      #expect(
        temporary.store.checkpoint(of: "my.voice")?.file(.t3)?.lastPathComponent == "t3_mine.safetensors")
      #expect(temporary.store.installedModels.map(\.custom) == [true])
    }
  }

  @Test("A repository with several models asks which")
  func ambiguous() async throws {
    try await TestHub.run([SampleModels.base: SampleModels.baseRepository]) { hub in
      let error = await storeError {
        _ = try await temporary.store.pull(.named(SampleModels.base, as: "mine"), from: hub.configuration())
      }
      #expect(error?.code == .incomplete)
      #expect(error?.message.contains("--kind") == true)
      let manifest = try await temporary.store.pull(
        .named(SampleModels.base, as: "mine", kind: .standard), from: hub.configuration())
      #expect(manifest.files.contains { $0.name == "t3_cfg.safetensors" })
    }
  }

  @Test("A new commit is a new version that speaks, and the old one stays")
  func newVersion() async throws {
    try await TestHub.run([SampleModels.base: SampleModels.standard]) { hub in
      let first = try await temporary.store.pull(.named("standard"), from: hub.configuration())
      var files = SampleModels.standard
      files["t3_cfg.safetensors"] = SampleModels.bytes(50_000, 99)
      hub.publish(SampleModels.base, files)
      let second = try await temporary.store.pull(.named("standard"), from: hub.configuration())
      #expect(first.version != second.version)
      #expect(temporary.bytes("standard", "t3_cfg.safetensors") == files["t3_cfg.safetensors"])
      #expect(temporary.store.installedModels.map(\.active) == [false, true])
    }
  }

  @Test("A hub whose list has no checksums is asked for each file's")
  func plainList() async throws {
    try await TestHub.run([SampleModels.base: SampleModels.standard]) { hub in
      hub.change { $0.listsBlobs = false }
      let manifest = try await temporary.store.pull(.named("standard"), from: hub.configuration())
      #expect(manifest.files.map(\.name) == SampleModels.standard.keys.sorted())
    }
  }

  @Test("The token goes to the hub and to nobody else")
  func token() async throws {
    try await TestHub.run([SampleModels.base: SampleModels.standard]) { hub in
      _ = try await temporary.store.pull(.named("standard"), from: hub.configuration(token: "hf_secret"))
      let requests = hub.state.withLock { $0.requests }
      #expect(requests.contains { $0.isContent })
      for request in requests {
        #expect(request.headers["authorization"] == (request.isContent ? nil : "Bearer hf_secret"))
      }
    }
  }

  @Test("A second pull fetches nothing, and repairs what was damaged meanwhile")
  func repair() async throws {
    try await TestHub.run([SampleModels.base: SampleModels.standard]) { hub in
      let first = try await temporary.store.pull(.named("standard"), from: hub.configuration())
      let events = Events()
      _ = try await temporary.store.pull(.named("standard"), from: hub.configuration(), report: events.report)
      #expect(events.all.contains(.unchanged(version: first.version)))
      #expect(events.downloaded.isEmpty)

      let file = try #require(temporary.store.installedFolder(of: "standard")).appending(
        path: "s3gen.safetensors")
      try Data(SampleModels.bytes(30_000, 77)).write(to: file)
      let again = Events()
      let repaired = try await temporary.store.pull(
        .named("standard"), from: hub.configuration(), report: again.report)
      #expect(again.downloaded == ["s3gen.safetensors", "tokenizer.json"])
      #expect(repaired.version == first.version)
      #expect(temporary.bytes("standard", "s3gen.safetensors") == SampleModels.standard["s3gen.safetensors"])
    }
  }

  @Test("Names that are none suggest the nearest, and hostile ones are refused")
  func names() {
    func message(_ name: String, as local: String? = nil) -> String {
      do throws(ModelStoreError) {
        _ = try ModelPackage.named(name, as: local)
        return "(accepted)"
      } catch {
        return error.message
      }
    }
    #expect(message("trubo").contains("Did you mean 'turbo'?"))
    #expect(message("multilingual-pt-bt").contains("'multilingual-pt-br'"))
    #expect(message("starter").contains("make setup"))
    for name in ["", "..", "a/b/c", "../x", "a/..", "/etc", "a\\b", "owner/na me", "-x/y"] {
      #expect(message(name).contains("There is no model"), "\(name)")
    }
    for name in ["", "..", "a/b", "A", "a b", ".x", "x..y", String(repeating: "x", count: 65), "é"] {
      #expect(message("owner/name", as: name).contains("cannot be a model's name"), "\(name)")
    }
    #expect(message("turbo", as: "standard").contains("belongs to another kind"))
    #expect(message("turbo", as: "turbo-old") == "(accepted)")
  }
}
