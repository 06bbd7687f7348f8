import Audio
import Foundation
import Testing

@testable import Service

@Suite("Storage in a folder")
struct LocalStorageTests {
  private let folder: TemporaryFolder
  private let storage: LocalStorage

  init() throws {
    folder = try TemporaryFolder()
    storage = LocalStorage(directory: folder.url)
  }

  private func keep(_ bytes: [UInt8]) throws -> StoredAudio {
    let file = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try Data(bytes).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    return try storage.keep(fileAt: file, format: .mp3)
  }

  private func file(_ audio: StoredAudio) -> URL { folder.url.appending(path: "\(audio.id).audio") }

  @Test("gives back what it was given, with its hash, also after a restart")
  func roundTrip() throws {
    let audio = try keep([1, 2, 3, 4])
    #expect(audio.sha256 == SHA256Digest.hexadecimal(of: [1, 2, 3, 4]))
    let later = LocalStorage(directory: folder.url)
    let found = try #require(try later.audio(audio.id))
    #expect(found.format == .mp3 && found.byteCount == 4 && found.sha256 == audio.sha256)
    #expect(try later.read(found, range: 1..<3) == [2, 3])
    #expect(try later.read(found, range: 0..<4) == [1, 2, 3, 4])
  }

  @Test("never gives out bytes that are not those that were kept", arguments: 0..<3)
  func corrupted(damage: Int) throws {
    let audio = try keep([UInt8](repeating: 9, count: 100))
    var data = try Data(contentsOf: file(audio))
    switch damage {
    case 0: data[50] ^= 1
    case 1: data.removeLast()
    default: data.append(1)
    }
    try data.write(to: file(audio))
    #expect(throws: StorageError.damaged) { try storage.read(audio, range: 0..<1) }
  }

  @Test("notices damage also after it has been read once")
  func corruptedLater() throws {
    let audio = try keep([UInt8](repeating: 9, count: 100))
    #expect(try storage.read(audio, range: 0..<1) == [9])
    var data = try Data(contentsOf: file(audio))
    data[0] = 8
    try data.write(to: file(audio))
    #expect(throws: StorageError.damaged) { try storage.read(audio, range: 0..<1) }
  }

  @Test("says that audio is gone, or that its notes are damaged")
  func gone() throws {
    let audio = try keep([1])
    try FileManager.default.removeItem(at: file(audio))
    #expect(throws: StorageError.gone) { try storage.read(audio, range: 0..<1) }
    try Data("{".utf8).write(to: folder.url.appending(path: "\(audio.id).json"))
    #expect(throws: StorageError.damaged) { try storage.audio(audio.id) }
  }

  @Test(
    "takes no identifier for a path",
    arguments: [
      "", "..", "../../etc/passwd", String(repeating: "G", count: 32), String(repeating: "a", count: 31),
    ])
  func hostileIDs(id: String) throws {
    #expect(try storage.audio(id) == nil)
    try storage.remove(id)
  }

  @Test("forgets what it is told to, and what is older than it may be")
  func cleaning() throws {
    let (old, young) = (try keep([1]), try keep([2]))
    for name in ["\(old.id).audio", "\(old.id).json"] {
      try FileManager.default.setAttributes(
        [.modificationDate: Date.now - 7_200], ofItemAtPath: folder.url.appending(path: name).path)
    }
    try Data().write(to: folder.url.appending(path: "notes.txt"))
    #expect(storage.clean(olderThan: .seconds(3_600)) == 1)
    #expect(try storage.audio(old.id) == nil)
    #expect(try storage.audio(young.id) != nil)
    try storage.remove(young.id)
    try storage.remove(young.id)
    #expect(folder.contents == ["notes.txt"])
  }

  @Test("says when there is no room, and leaves nothing half-made")
  func noRoom() throws {
    let file = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try Data([1]).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    try FileManager.default.removeItem(at: folder.url)
    #expect(throws: StorageError.noRoom) { try storage.keep(fileAt: file, format: .wav) }
  }
}
