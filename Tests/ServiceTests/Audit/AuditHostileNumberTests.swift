import Foundation
import Testing

@testable import Service

/// Numbers that a file can have, and no log writes.
private let hostileSequences = [Int.min, Int.min + 1, -1, 0, (1 << 53) + 1, Int.max]

@Suite struct AuditHostileNumberTests {
  private let folder = AuditFolder()
  private let chain = AuditChain(secret: nil)

  @Test(arguments: hostileSequences, [0, 2, 4]) func aSequenceThatNoLogWritesIsNoEntry(
    sequence: Int, place: Int
  ) async throws {
    try await folder.fill(4)
    try folder.change { $0.insert(try forged($0[1], "sequence", sequence), at: place) }
    let report = try folder.verify()
    #expect(report.problems.map(\.kind) == [.unreadable] && report.problems[0].line == place + 1)
    #expect(try await folder.entries().map(\.sequence) == [1, 2, 3, 4])
  }

  @Test(arguments: [Int.min, Int.max]) func aTimeThatNoLogWritesIsNoEntry(time: Int) async throws {
    try await folder.fill(3)
    try folder.change { $0[1] = try forged($0[1], "timeMilliseconds", time) }
    #expect(try folder.verify().problems.map(\.kind) == [.unreadable])
  }

  @Test(arguments: hostileSequences) func anErasureGoesPastIt(sequence: Int) async throws {
    try await folder.fill(4, subject: "alice")
    try folder.change { $0.insert(try forged($0[1], "sequence", sequence), at: 2) }
    let log = try folder.log()
    #expect(try await log.erase(subject: "alice") == 4)
    await log.close()
  }

  @Test(arguments: hostileSequences) func anEndThatNoLogWroteIsNotContinued(sequence: Int) async throws {
    try await folder.fill(2)
    try folder.change { $0[1] = try forged($0[1], "sequence", sequence) }
    #expect(throws: AuditError.damaged) { try folder.log() }
  }

  @Test(arguments: hostileSequences.filter { $0 != 0 }) func aHeadThatNoLogWritesWasEdited(
    sequence: Int
  ) async throws {
    try await folder.fill(2)
    let head = AuditHead(sequence: sequence, hash: AuditChain.origin)
    try head.sealed(by: chain).write(to: AuditFile.head(in: folder.url))
    #expect(try folder.verify().problems.map(\.detail) == ["it was edited"])
  }

  @Test(arguments: [4, Int.max]) func noNoteExcusesWhatCameAfterIt(sequence: Int) async throws {
    try await folder.fill(3, AuditConfiguration(maxFileBytes: 1))
    try folder.change(file: 2) { lines in
      let last = try JSONDecoder().decode(AuditEntry.self, from: Data(lines[0].utf8))
      let note = AuditItem(.retention, .init(hash: "", sequence: sequence))
      let head = AuditHead(sequence: last.sequence, hash: last.hash)
      let (_, line) = try chain.entry(note, after: head, keepsText: false)
      lines.append(String(decoding: line, as: UTF8.self))
    }
    try FileManager.default.removeItem(at: folder.files()[0])
    #expect(try folder.verify().problems.map(\.kind) == [.removed])
  }

  @Test func rangesHaveAllNumbers() {
    var ranges = AuditRanges([Int.min...(-9), Int.max...Int.max])
    #expect(ranges.text == "\(Int.min)--9,\(Int.max)")
    ranges.append(.min)
    #expect(ranges.ranges.count == 3)
  }

  /// A line with another number, whose hash fits all the same.
  private func forged(_ line: String, _ name: String, _ number: Int) throws -> String {
    let entry = try JSONDecoder().decode(AuditEntry.self, from: Data(line.utf8))
    let core = String(decoding: try AuditChain.canonical(entry.core), as: UTF8.self)
    let other = core.replacingOccurrences(
      of: "\"\(name)\":[0-9]+", with: "\"\(name)\":\(number)", options: .regularExpression)
    let hash = chain.hash(Data(other.utf8), after: entry.previous)
    return line.replacingOccurrences(of: core, with: other).replacingOccurrences(of: entry.hash, with: hash)
  }
}
