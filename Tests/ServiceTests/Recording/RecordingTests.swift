import Audio
import Chatterbox
import Foundation
import Testing

@testable import Service

@Suite("A recording")
struct RecordingTests {
  private let folder: TemporaryFolder
  private let recording: Recording

  init() throws {
    folder = try TemporaryFolder()
    recording = try Recording(.test, .pcm, in: folder.url)
  }

  private func append(_ bytes: [UInt8]) throws {
    let start = recording.spans.last.map { $0.start + $0.duration } ?? 0
    try recording.append(bytes, start: start, duration: 0.5, progress: 0.5)
  }

  private func all(_ reader: RecordingReader) async throws -> [UInt8] {
    var bytes: [UInt8] = []
    for try await piece in reader { bytes += piece.bytes }
    return bytes
  }

  @Test("gives every reader all of it, whenever they begin")
  func readers() async throws {
    let first = try #require(recording.reader())
    async let early = all(first)
    try append([1, 2, 3])
    let second = try #require(recording.reader())
    async let late = all(second)
    try append([4])
    recording.finish(.success(.test(byteCount: 4)))
    let third = try #require(recording.reader())
    #expect(try await early == [1, 2, 3, 4])
    #expect(try await late == [1, 2, 3, 4])
    #expect(try await all(third) == [1, 2, 3, 4])
    #expect(try await third.summary().byteCount == 4)
  }

  @Test("says when each piece plays")
  func spans() async throws {
    try append([1, 2])
    try append([3])
    recording.finish(.success(.test(byteCount: 3)))
    let reader = try #require(recording.reader())
    #expect(try await reader.piece(0)?.span.endOffset == 2)
    #expect(try await reader.piece(1)?.span.start == 0.5)
    #expect(try await reader.piece(2) == nil)
  }

  @Test("tells readers what went wrong, after what there is")
  func failure() async throws {
    let reader = try #require(recording.reader())
    try append([1])
    recording.finish(.failure(ChatterboxError.noRoom))
    #expect(try await reader.piece(0)?.bytes == [1])
    await #expect(throws: ChatterboxError.noRoom) { try await reader.piece(1) }
    await #expect(throws: ChatterboxError.noRoom) { try await reader.summary() }
  }

  @Test("ends its making when the last reader leaves, not before")
  func leaving() async throws {
    var first = recording.reader()
    var second = recording.reader()
    let work = Task<Void, Never> { try? await Task.sleep(for: .seconds(3_600)) }
    recording.isMade(by: work)
    #expect(first != nil && second != nil)
    first = nil
    #expect(!work.isCancelled)
    second = nil
    #expect(work.isCancelled)
    #expect(recording.reader() == nil, "nothing is made for a new reader")
  }

  @Test("ends a making that begins after everybody has left")
  func leftEarly() throws {
    var reader = recording.reader()
    #expect(reader != nil)
    reader = nil
    let made = Task<Void, Never> {}
    recording.isMade(by: made)
    #expect(made.isCancelled)
  }

  @Test("lets a reader give up waiting")
  func cancelledReader() async throws {
    let reader = try #require(recording.reader())
    let waiting = Task { try await reader.piece(0) }
    waiting.cancel()
    await #expect(throws: CancellationError.self) { try await waiting.value }
  }

  @Test("leaves no file behind that has a name")
  func noName() throws {
    try append([1, 2, 3])
    #expect(folder.contents.isEmpty)
  }

  @Test("cannot be begun where there is no room")
  func noRoom() {
    #expect(throws: ChatterboxError.noRoom) {
      try Recording(.test, .pcm, in: folder.url.appending(path: "missing"))
    }
  }
}

extension SpeechInfo {
  static let test = SpeechInfo(
    model: "starter", language: "en", sampleRate: 24_000, modelSampleRate: 22_050, seed: 1, warnings: [])
}

extension RecordingSummary {
  static func test(byteCount: Int) -> RecordingSummary {
    RecordingSummary(
      byteCount: byteCount, sha256: "", timings: SpeechTimings(firstAudio: 0.1, total: 0.2, duration: 1))
  }
}
