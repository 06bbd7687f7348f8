import Foundation
import Logging
import Synchronization
import Testing

@testable import Service

@Suite struct AuditLogTests {
  private let folder = AuditFolder()

  @Test(arguments: [nil, "a secret"]) func whatIsAppendedIsVerified(secret: String?) async throws {
    try await folder.fill(5, AuditConfiguration(secret: secret))
    let report = try folder.verify(secret: secret)
    #expect(report.problems == [] && report.entries == 5 && report.first == 1 && report.last == 5)
    let entry = try #require(try await folder.entries().first)
    #expect(entry.core.audioMilliseconds == 1235 && entry.core.durationMicroseconds == 100)
    #expect(entry.personal?.subject == "key-1" && entry.personal?.text == nil)
    let attributes = try FileManager.default.attributesOfItem(atPath: folder.files()[0].path)
    #expect(attributes[.posixPermissions] as? Int == 0o600)
    #expect(try folder.files()[0].lastPathComponent == "audit-000000000001.jsonl")
  }

  @Test func aTextIsKeptOnlyWhenAskedFor() async throws {
    try await folder.fill(1, AuditConfiguration(keepsText: true))
    #expect(try await folder.entries().first?.personal?.text == record(0).text)
    #expect(try folder.verify().isIntact)
  }

  @Test func aNameCannotBreakALineAndIsCut() async throws {
    let log = try folder.log()
    var hostile = record(0, subject: "a\n{\"core\":1}\r\n" + String(repeating: "x", count: 999))
    hostile.action = String(repeating: "e\u{301}", count: 400)
    hostile.milliseconds = .infinity
    hostile.audioSeconds = .nan
    await log.append(hostile)
    await log.close()
    let report = try folder.verify()
    #expect(report.isIntact && report.entries == 1)
    let entry = try #require(try await folder.entries().first)
    #expect(
      entry.personal?.subject.unicodeScalars.count == 256 && entry.core.action.unicodeScalars.count == 256)
  }

  @Test func aRestartContinuesTheChain() async throws {
    for _ in 0..<3 { try await folder.fill(2) }
    let report = try folder.verify()
    #expect(report.isIntact && report.entries == 6 && report.files == 1)
  }

  @Test func aFolderHasOneLog() async throws {
    let log = try folder.log()
    #expect(throws: AuditError.inUse) { try folder.log() }
    await log.close()
    #expect(await !log.append(record(0)))
    _ = try folder.log()
  }

  @Test func anotherSecretDoesNotContinueTheChain() async throws {
    try await folder.fill(1, AuditConfiguration(secret: "one"))
    #expect(throws: AuditError.damaged) { try folder.log(AuditConfiguration(secret: "two")) }
  }

  @Test(arguments: [1, 3]) func halfALineIsCutOffAndNoted(count: Int) async throws {
    // With one entry for a file, nothing is left of the last one.
    let configuration = AuditConfiguration(maxFileBytes: count == 1 ? 1 : 1 << 20)
    try await folder.fill(count, configuration)
    let half = Data(#"{"core":{"action":"PO"#.utf8)
    if count == 1 {
      try half.write(to: AuditFile(first: 2, in: folder.url).url)
    } else {
      let handle = try FileHandle(forWritingTo: folder.files()[0])
      try handle.seekToEnd()
      try handle.write(contentsOf: half)
      try handle.close()
    }
    let before = try folder.verify()
    #expect(before.isIntact && before.hasUnfinishedLine)
    try await folder.fill(1, configuration)
    let after = try folder.verify()
    #expect(after.isIntact && !after.hasUnfinishedLine && after.entries == count + 2)
    let note = try await folder.entries()[count]
    #expect(note.core.action == "audit.recovered" && note.core.details?.bytes == half.count)
  }

  @Test func whatACrashDidNotSynchronizeIsNoTampering() async throws {
    var log: AuditLog? = try folder.log()
    for index in 0..<3 { await log?.append(record(index)) }
    log = nil
    let report = try folder.verify()
    #expect(report.isIntact && report.entries == 3)
  }

  @Test func aFileEndsBySizeAndByDay() async throws {
    let log = try folder.log(AuditConfiguration(maxFileBytes: 1500))
    for index in 0..<10 { await log.append(record(index)) }
    await log.append(record(10, time: Date(timeIntervalSince1970: 1_800_000_000 + 86_400)))
    // A request that began before midnight does not go back.
    await log.append(record(11))
    await log.close()
    let files = try folder.files()
    #expect(files.count > 4 && files.last?.lastPathComponent == "audit-000000000011.jsonl")
    let report = try folder.verify()
    #expect(report.isIntact && report.entries == 12 && report.files == files.count)
  }

  @Test func whatIsTooOldIsRemovedAndTheRestIsStillWhole() async throws {
    let log = try folder.log(AuditConfiguration(retentionDays: 30))
    let now = Date(timeIntervalSince1970: 1_800_000_000)
    for day in [-40, -35, -20, 0] {
      for index in 0..<2 {
        await log.append(record(index, time: now.addingTimeInterval(Double(day) * 86_400)))
      }
    }
    await log.removeOld(now: now)
    var report = try folder.verify()
    #expect(report.isIntact && report.first == 5 && report.last == 9 && report.files == 2)
    // All of it is too old now, also the file that is written to.
    await log.removeOld(now: now.addingTimeInterval(86_400 * 100))
    await log.close()
    report = try folder.verify()
    #expect(report.isIntact && report.entries == 1 && report.first == 10)
    try await folder.fill(1)
    #expect(try folder.verify().isIntact)
    try FileManager.default.removeItem(at: folder.files()[0])
    #expect(try !folder.verify().isIntact)
  }

  @Test func whatNobodyWaitedForIsThereWhenTheLogEnds() async throws {
    let log = try folder.log()
    await log.synchronize()
    await log.close(after: (0..<100).map { record($0) })
    #expect(try await Set(folder.entries().map(\.core.requestID)).count == 100)
    #expect(try folder.verify().isIntact)
  }

  @Test func whatAFileGetsWhileItIsReadIsNoGap() async throws {
    let log = try folder.log()
    for index in 0..<6 {
      let day = Double(index / 2) * 86_400
      await log.append(record(index, time: Date(timeIntervalSince1970: 1_800_000_000 + day)))
    }
    await log.close()
    let files = try folder.files()
    let (second, third) = (try Data(contentsOf: files[1]), try Data(contentsOf: files[2]))
    let middle = second.count / 3
    try second.prefix(middle).write(to: files[1])
    try FileManager.default.removeItem(at: files[2])
    let report = try AuditVerification.verify(directory: folder.url) { file in
      guard file.url == files[1] else { return }
      let handle = try FileHandle(forWritingTo: file.url)
      try handle.seekToEnd()
      try handle.write(contentsOf: second.dropFirst(middle))
      try handle.close()
      try third.write(to: files[2])
    }
    #expect(report.isIntact && report.entries == 6 && !report.hasUnfinishedLine, "\(report.problems)")
  }

  @Test func aFileIsReadOnWhereItsLastLineBegan() async throws {
    try FileManager.default.createDirectory(at: folder.url, withIntermediateDirectories: true)
    let file = AuditFile(first: 1, in: folder.url)
    #expect(try file.lines() == nil)
    try Data("one\ntw".utf8).write(to: file.url)
    let lines = try #require(try file.lines())
    #expect(try lines.next()?.bytes == Data("one".utf8))
    #expect(try lines.next()?.isWhole == false)
    try lines.goBack(to: 4)
    let handle = try FileHandle(forWritingTo: file.url)
    try handle.seekToEnd()
    try handle.write(contentsOf: Data("o\n".utf8))
    try handle.close()
    let line = try #require(try lines.next())
    #expect(line.isWhole && line.bytes == Data("two".utf8))
    #expect(try lines.next() == nil && lines.offset == 8)
  }

  @Test func filesThatGoWhileTheLogIsReadAreNoGap() async throws {
    let now = Date(timeIntervalSince1970: 1_800_000_000)
    let log = try folder.log(AuditConfiguration(maxFileBytes: 1, retentionDays: 30))
    for day in [-40, -39, -38, 0, 0] {
      await log.append(record(0, time: now.addingTimeInterval(Double(day) * 86_400)))
    }
    // As a reader sees it who had the first file already.
    let first = try folder.files()[0]
    let line = try Data(contentsOf: first)
    await log.removeOld(now: now)
    await log.close()
    try line.write(to: first)
    #expect(try folder.files().count == 4)
    var report = try folder.verify()
    #expect(report.isIntact && report.entries == 4, "\(report.problems)")
    // Nobody said that this one was too old.
    try FileManager.default.removeItem(at: folder.files()[1])
    report = try folder.verify()
    #expect(report.problems.map(\.kind) == [.removed] && report.problems[0].detail == "4")
  }

  @Test func aThousandAtOnceAreAWholeChain() async throws {
    let log = try folder.log(AuditConfiguration(maxFileBytes: 100_000, secret: "s"))
    let running = Task { await log.run() }
    let written = await withTaskGroup(of: Bool.self) { group in
      for index in 0..<1000 { group.addTask { await log.append(record(index)) } }
      return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
    }
    running.cancel()
    await running.value
    await log.close()
    let report = try folder.verify(secret: "s")
    #expect(written == 1000 && report.isIntact && report.entries == 1000)
    #expect(try await Set(folder.entries().map(\.core.requestID)).count == 1000)
  }

  @Test func aFullDiskIsCountedAndNoted() async throws {
    let room = Mutex(Int.max)
    let log = try AuditLog(
      directory: folder.url, configuration: AuditConfiguration(), logger: Logger(label: "t")
    ) {
      descriptor, bytes in
      let allowed = room.withLock { left in
        let allowed = min(left, bytes.count)
        left -= allowed
        return allowed
      }
      guard allowed > 0 else {
        errno = ENOSPC
        return -1
      }
      return write(descriptor, bytes.baseAddress, allowed)
    }
    #expect(await log.append(record(0)))
    // The first one gets half of a line onto the disk.
    room.withLock { $0 = 50 }
    for index in 1...3 { #expect(await !log.append(record(index))) }
    #expect(await log.lostCount == 3)
    #expect(await !log.synchronize())
    room.withLock { $0 = .max }
    #expect(await log.append(record(4)))
    await log.close()
    let entries = try await folder.entries()
    #expect(entries.map(\.core.action).contains("audit.lost") && entries.count == 3)
    #expect(entries[1].core.details?.count == 3 && entries[2].core.requestID == "request-4")
    #expect(try folder.verify().isIntact)
  }

  @Test func aFolderThatIsNotThereLosesNothingSilently() async throws {
    let log = try folder.log(AuditConfiguration(maxFileBytes: 1))
    #expect(await log.append(record(0)))
    let away = folder.url.appendingPathExtension("away")
    try FileManager.default.moveItem(at: folder.url, to: away)
    #expect(await !log.append(record(1)))
    try FileManager.default.moveItem(at: away, to: folder.url)
    #expect(await log.append(record(2)))
    await log.close()
    #expect(try await folder.entries().map(\.core.details?.count) == [nil, 1, nil])
    #expect(try folder.verify().isIntact)
  }

  @Test(.enabled(if: geteuid() != 0)) func aReadOnlyFolderIsToldAtOnce() throws {
    try FileManager.default.createDirectory(
      at: folder.url, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o500])
    #expect(throws: (any Error).self) { try folder.log() }
  }
}

extension AuditLog {
  /// Ends the log before anything else of these comes to pass.
  fileprivate func close(after records: [AuditRecord]) async {
    for record in records { appendLater(record) }
    await close()
  }
}
