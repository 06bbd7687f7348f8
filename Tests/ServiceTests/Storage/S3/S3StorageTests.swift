import Audio
import Foundation
import NIOHTTP1
import Synchronization
import Testing

@testable import Service

func storageError(_ work: () async throws -> Void) async -> StorageError? {
  do {
    try await work()
    return nil
  } catch {
    return error as? StorageError
  }
}

struct S3StorageTests {
  private static let bytes = (0..<5_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }

  private func run(
    prefix: String = "audio/", notesLife: Duration = .seconds(60),
    _ test: (TestBucket, S3Storage) async throws -> Void
  ) async throws {
    try await TestBucket.run { bucket in
      try await bucket.client(prefix: prefix) { client in
        try await test(bucket, S3Storage(client, notesLife: notesLife))
      }
    }
  }

  private func file() throws -> URL {
    let file = FileManager.default.temporaryDirectory.appending(path: "s3-\(StoredAudio.newID())")
    try Data(Self.bytes).write(to: file)
    return file
  }

  private func exists(_ file: URL) -> Bool { FileManager.default.fileExists(atPath: file.path) }

  @Test func givesBackWhatItKept() async throws {
    try await run { bucket, storage in
      let file = try file()
      let audio = try await storage.keep(fileAt: file, format: .floatWAV)
      #expect(!exists(file))
      #expect(audio.byteCount == 5_000)
      #expect(bucket.keys == ["audio/\(audio.id).json", "audio/\(audio.id).wav_f32"])
      #expect(bucket.operations == ["put", "head", "put"])
      #expect(bucket.requests("put")[0].headers["content-type"] == ["audio/wav"])
      #expect(bucket.requests("put")[0].headers["x-amz-meta-sha256"] == [audio.sha256])
      #expect(try await storage.read(audio, range: 0..<5_000) == Self.bytes)
      #expect(try await storage.read(audio, range: 10..<20) == Array(Self.bytes[10..<20]))
      #expect(try await storage.read(audio, range: 3..<3) == [])
      #expect(bucket.count("head") == 1)
    }
  }

  @Test func knowsWhatAnotherNodeKept() async throws {
    try await TestBucket.run { bucket in
      try await bucket.client(prefix: "audio/") { client in
        let kept = try await S3Storage(client).keep(fileAt: file(), format: .opus)
        let other = S3Storage(client)
        let audio = try #require(try await other.audio(kept.id))
        #expect(audio.sha256 == kept.sha256 && audio.format == .opus)
        #expect(try await other.audio(kept.id) == audio)
        #expect(bucket.count("get") == 1)
        #expect(try await other.read(audio, range: 1..<2) == [Self.bytes[1]])
        #expect(try await other.read(audio, range: 1..<2) == [Self.bytes[1]])
        #expect(bucket.count("head") == 2)
      }
    }
  }

  @Test func doesNotRememberNotesForLong() async throws {
    try await run(notesLife: .zero) { bucket, storage in
      let audio = try await storage.keep(fileAt: file(), format: .wav)
      bucket.change { $0.objects = [:] }
      #expect(try await storage.audio(audio.id) == nil)
    }
  }

  @Test func knowsNothingOfOtherNames() async throws {
    try await run { bucket, storage in
      #expect(try await storage.audio("../secrets") == nil)
      try await storage.remove("../secrets")
      #expect(bucket.operations.isEmpty)
      #expect(try await storage.audio(StoredAudio.newID()) == nil)
    }
  }

  @Test func removes() async throws {
    try await run { bucket, storage in
      let audio = try await storage.keep(fileAt: file(), format: .mp3)
      let other = try await storage.keep(fileAt: file(), format: .mp3)
      try await storage.remove(audio.id)
      try await storage.remove(audio.id)
      #expect(bucket.keys == ["audio/\(other.id).json", "audio/\(other.id).mp3"])
      #expect(try await storage.audio(audio.id) == nil)
      #expect(await storageError { _ = try await storage.read(audio, range: 0..<1) } == .gone)
    }
  }

  @Test func doesNotGiveBackOtherBytes() async throws {
    try await run { bucket, storage in
      let audio = try await storage.keep(fileAt: file(), format: .wav)
      let key = "audio/\(audio.id).wav"
      bucket.change { $0.objects[key]?.bytes[7] ^= 1 }
      #expect(await storageError { _ = try await storage.read(audio, range: 0..<5_000) } == .damaged)
      bucket.change { $0.objects[key]?.bytes.removeLast(10) }
      #expect(await storageError { _ = try await storage.read(audio, range: 4_980..<5_000) } == .damaged)
      bucket.change { $0.objects[key]?.headers = [] }
      #expect(await storageError { _ = try await storage.read(audio, range: 0..<1) } == .damaged)
      #expect(await storageError { _ = try await storage.read(audio, range: 0..<5_001) } == .damaged)
    }
  }

  @Test func refusesNotesOfAnother() async throws {
    try await run { bucket, storage in
      let audio = try await storage.keep(fileAt: file(), format: .wav)
      let id = StoredAudio.newID()
      bucket.change { $0.objects["audio/\(id).json"] = $0.objects["audio/\(audio.id).json"] }
      #expect(await storageError { _ = try await storage.audio(id) } == .damaged)
      bucket.change { $0.objects["audio/\(id).json"]?.bytes = Array(repeating: 32, count: 100_000) }
      #expect(await storageError { _ = try await storage.audio(id) } == .damaged)
    }
  }

  @Test func leavesNothingBehindWhenItCannotKeep() async throws {
    try await run { bucket, storage in
      let file = try file()
      bucket.fail("head", .status(403))
      #expect(await storageError { _ = try await storage.keep(fileAt: file, format: .wav) } == .unavailable)
      #expect(bucket.keys.isEmpty)
      bucket.fail("put", .status(507))
      #expect(await storageError { _ = try await storage.keep(fileAt: file, format: .wav) } == .noRoom)
      bucket.fail("put", .status(500), .status(500), .status(500), .status(500))
      #expect(await storageError { _ = try await storage.keep(fileAt: file, format: .wav) } == .unavailable)
      #expect(bucket.keys.isEmpty)
      #expect(exists(file))
      _ = try await storage.keep(fileAt: file, format: .wav)
    }
  }

  @Test func cleansOldAudioOnly() async throws {
    try await run { bucket, storage in
      bucket.change { $0.pageSize = 3 }
      let old = try await storage.keep(fileAt: file(), format: .flac)
      let half = try await storage.keep(fileAt: file(), format: .flac)
      let new = try await storage.keep(fileAt: file(), format: .flac)
      let others = ["audio/readme.txt", "audio/\(old.id).txt", "other/\(old.id).flac"].sorted()
      bucket.change { state in
        state.objects["audio/\(half.id).json"] = nil
        for key in others { state.objects[key] = .init(bytes: [1], headers: []) }
        for key in state.objects.keys where !key.contains(new.id) { state.objects[key]?.modified -= 7_200 }
        state.uploads["1"] = .init(key: "audio/\(old.id).wav", headers: [], begun: .now - 7_200)
        state.uploads["2"] = .init(key: "audio/readme.txt", headers: [], begun: .now - 7_200)
      }
      #expect(await storage.clean(olderThan: .seconds(3_600)) == 2)
      #expect(
        bucket.keys
          == ["audio/readme.txt", "audio/\(new.id).json", "audio/\(new.id).flac", "other/\(old.id).flac"]
          .sorted())
      #expect(bucket.state.withLock { $0.uploads.keys.sorted() } == ["2"])
      #expect(await storage.clean(olderThan: .seconds(3_600)) == 0)
    }
  }

  @Test func saysWhatIsWrong() async throws {
    try await run { bucket, storage in
      #expect(await storage.problem() == nil)
      bucket.fail("bucket", .status(403))
      #expect(await storage.problem() == "the object store refuses our keys")
      bucket.fail("bucket", .status(503))
      #expect(await storage.problem() == "the object store does not answer")
      bucket.change { $0.bucket = "elsewhere" }
      #expect(await storage.problem() == "the bucket does not exist")
      #expect(bucket.count("bucket") == 4)
      #expect(await storageError { _ = try await storage.audio(StoredAudio.newID()) } == .unavailable)
    }
  }
}
