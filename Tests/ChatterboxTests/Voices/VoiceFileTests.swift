import Chatterbox
import Foundation
import Testing

@Suite("A voice's file")
struct VoiceFileTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private static let conditions = SyntheticCheckpoint.folder.appending(path: "conds.pt").path

  private func voice() throws -> Voice { try Voice(contentsOf: Self.conditions, name: "hero") }

  private func expectUnreadable(
    _ path: String, because reason: String = "", sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let error = #expect(throws: ChatterboxError.self, sourceLocation: sourceLocation) {
      try Voice(contentsOf: path)
    }
    #expect(error?.code == .voiceUnreadable, sourceLocation: sourceLocation)
    #expect(
      reason.isEmpty || error?.message.contains(reason) == true, "\(error?.message ?? "")",
      sourceLocation: sourceLocation)
    #expect(error?.message.contains(folder.url.path) == false, sourceLocation: sourceLocation)
  }

  @Test("an official conds.pt is a voice, and its .voice file reads back as the same")
  func roundTrip() throws {
    let voice = try voice()
    #expect(voice.family == .standard)
    try voice.save(to: folder.path("hero.voice"))
    #expect(try Voice(contentsOf: folder.path("hero.voice")) == voice)
    #expect(folder.contents == ["hero.voice"])
  }

  @Test("a voice file that was changed anywhere is refused")
  func changed() throws {
    let bytes = try voice().encoded()
    let path = folder.path("changed.voice")
    var damaged = bytes
    damaged[damaged.count - 3] ^= 1
    try damaged.write(to: URL(filePath: path))
    expectUnreadable(path, because: "checksum")
    let renamed = String(decoding: bytes, as: Unicode.ASCII.self)
    #expect(renamed.contains(#""name":"hero""#))
    try Data(bytes.prefix(bytes.count / 2)).write(to: URL(filePath: path))
    expectUnreadable(path, because: "outside the file")
    try Data(bytes.prefix(5)).write(to: URL(filePath: path))
    expectUnreadable(path)
  }

  @Test("what is no voice, is missing or is too large is refused")
  func noVoice() throws {
    expectUnreadable(folder.path("missing.voice"), because: "missing")
    let text = folder.path("text.voice")
    try Data("not a voice at all".utf8).write(to: URL(filePath: text))
    expectUnreadable(text)
    let other = SyntheticCheckpoint.folder.appending(path: "perth.safetensors").path
    expectUnreadable(other, because: "neither")
    let large = folder.path("large.voice")
    try Data().write(to: URL(filePath: large))
    try FileHandle(forWritingTo: URL(filePath: large)).truncate(atOffset: 1 << 30)
    expectUnreadable(large, because: "too large")
  }

  @Test("no random damage does harm")
  func fuzz() throws {
    let bytes = try voice().encoded()
    var generator = SeededGenerator(seed: 5)
    let path = folder.path("fuzz.voice")
    for _ in 0..<200 {
      var damaged = bytes
      for _ in 0..<3 {
        damaged[Int.random(in: 0..<600, using: &generator)] = .random(in: 0...255, using: &generator)
      }
      try damaged.write(to: URL(filePath: path))
      _ = try? Voice(contentsOf: path)
    }
  }

  @Test("a store saves, lists, finds and removes voices by name, and no name leaves its folder")
  func store() throws {
    let store = VoiceStore(directory: folder.url.appending(path: "voices"))
    #expect(store.names.isEmpty)
    try store.save(voice())
    #expect(store.names == ["hero"])
    #expect(try store.voice("hero").name == "hero")
    let misspelt = #expect(throws: ChatterboxError.self) { try store.voice("heros") }
    #expect(misspelt?.code == .unknownVoice)
    #expect(misspelt?.message.contains("'hero'") == true)
    for name in ["../hero", "/etc/passwd", "", ".hidden", "a/b", String(repeating: "a", count: 65)] {
      #expect(throws: ChatterboxError.self) { try store.voice(name) }
      var voice = try voice()
      voice.name = name
      #expect(throws: ChatterboxError.self) { try store.save(voice) }
    }
    #expect(VoiceStore.isName("3rd-hero") && VoiceStore.isName("Zoë"))
    try store.remove("hero")
    #expect(store.names.isEmpty)
    #expect(throws: ChatterboxError.self) { try store.remove("hero") }
  }
}
