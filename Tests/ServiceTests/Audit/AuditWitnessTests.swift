import Foundation
import GRDB
import Logging
import Testing

@testable import Service

@Suite struct AuditWitnessTests {
  private let folder = AuditFolder()
  private let data: TemporaryFolder

  init() throws { data = try TemporaryFolder() }

  private var file: URL { data.url.appending(path: "node.sqlite") }

  /// A closed log of so many entries, which is missed when it is gone.
  private func fill(_ count: Int, secret: String? = nil) async throws {
    let witness = AuditWitness(try NodeDatabase(at: file))
    let log = try AuditLog(
      directory: folder.url, configuration: AuditConfiguration(secret: secret), witness: witness)
    for index in 0..<count { await log.append(record(index)) }
    await log.close()
  }

  @Test(arguments: [true, false]) func aWipedFolderIsNoIntactLog(keepsFolder: Bool) async throws {
    try await folder.fill(3)
    try keepsFolder ? folder.wipe() : FileManager.default.removeItem(at: folder.url)
    let report = try folder.verify()
    #expect(report.problems.map(\.kind) == [.truncated])
    #expect(report.problems.first?.detail == "it is missing: there is no log")
    #expect(try AuditVerification.verify(directory: folder.url, isExpected: false).isIntact)
    // From its first moment on there is one.
    try await folder.fill(0)
    #expect(try folder.verify().isIntact)
  }

  @Test func aWipedFolderIsNotedAtTheNextStart() async throws {
    try await fill(3)
    var report = try folder.verify(witness: AuditWitness.sealedHead(at: file))
    #expect(report.isIntact && report.entries == 3)
    try folder.wipe()
    report = try folder.verify(witness: AuditWitness.sealedHead(at: file))
    #expect(report.problems.map(\.sequence) == [nil, 3])
    try await fill(1)
    let note = try #require(try await folder.entries().first)
    #expect(note.core.action == "audit.truncated" && note.core.details?.sequence == 3)
    // Not for ever another: the one that was begun is known now.
    try await fill(1)
    report = try folder.verify(witness: AuditWitness.sealedHead(at: file))
    #expect(report.problems.map(\.kind) == [.truncated] && report.entries == 3)
  }

  @Test func aLogThatWasBegunWithoutAServerIsNoExcuse() async throws {
    try await fill(3)
    try folder.wipe()
    try await folder.fill(1)
    let report = try folder.verify(witness: AuditWitness.sealedHead(at: file))
    #expect(report.problems.map(\.kind) == [.truncated] && report.problems[0].sequence == 3)
    try await fill(0)
    #expect(try await folder.entries().map(\.core.action).last == "audit.truncated")
  }

  @Test func anotherSecretMakesNothingForgotten() async throws {
    try await fill(3, secret: "one")
    try folder.wipe()
    try await fill(1, secret: "two")
    #expect(try await folder.entries().first?.core.action == "audit.truncated")
  }

  @Test func theDatabaseKnowsTheEndWhileTheLogIsWritten() async throws {
    let database = try NodeDatabase(at: file)
    let log = try AuditLog(directory: folder.url, witness: AuditWitness(database))
    let running = Task { await log.run() }
    try await eventually { try AuditWitness(database).sealedHead() != nil }
    running.cancel()
    await running.value
    await log.append(record(0))
    await log.close()
    let sealed = try #require(try AuditWitness(database).sealedHead())
    #expect(AuditHead.read(sealed, chain: AuditChain(secret: nil))?.sequence == 1)
    #expect(try AuditWitness.sealedHead(at: file) == sealed)
  }

  @Test func aNodeToldOfItsDatabaseMissesItsLog() async throws {
    let database = try NodeDatabase(at: file)
    for count in [1, 2] {
      let node = try #require(
        try NodeAudit(.init(), in: folder.url, database: database, logger: .init(label: "test")))
      await node.log.append(record(0))
      await node.close()
      #expect(try await folder.entries().count == count)
      #expect(try node.verify().isIntact == (count == 1))
      try folder.wipe()
      #expect(try !node.verify().isIntact)
    }
  }

  @Test func anOlderDatabaseSaysNothingAndStaysAsItIs() throws {
    #expect(try AuditWitness.sealedHead(at: file) == nil)
    #expect(!FileManager.default.fileExists(atPath: file.path))
    let pool = try DatabasePool(path: file.path)
    try NodeMigrations.migrator.migrate(pool, upTo: "4: keys")
    #expect(try AuditWitness.sealedHead(at: file) == nil)
    #expect(try pool.read { try !$0.tableExists("auditHead") })
    try pool.close()
  }
}
