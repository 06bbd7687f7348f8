import Dispatch
package import Foundation
package import Logging
import Synchronization

/// How the log is kept.
package struct AuditConfiguration: Hashable, Sendable {
  package var maxFileBytes: Int
  /// 0 keeps everything for ever.
  package var retentionDays: Int
  /// Without it, whoever can write the files can compute the chain anew.
  package var secret: String?
  package var keepsText: Bool

  package init(
    maxFileBytes: Int = 64 << 20, retentionDays: Int = 365, secret: String? = nil, keepsText: Bool = false
  ) {
    (self.maxFileBytes, self.retentionDays) = (maxFileBytes, retentionDays)
    (self.secret, self.keepsText) = (secret, keepsText)
  }
}

/// Who did what, written down so that nobody can change it unnoticed.
///
/// An entry is with the system when ``append(_:)`` returns, so that it outlives this process; it is on the disk a second
/// later, since a request cannot wait for that.
package actor AuditLog {
  /// As `write(2)`.
  typealias Write = @Sendable (Int32, UnsafeRawBufferPointer) -> Int

  static let systemWrite: Write = { Foundation.write($0, $1.baseAddress, $1.count) }

  let directory: URL
  let logger: Logger
  private let configuration: AuditConfiguration
  private let witness: AuditWitness?
  private let synchronizing = DispatchQueue(label: "audit.synchronize")
  private let maintaining = DispatchQueue(label: "audit.maintain")
  private var writer: AuditWriter
  /// What is still to be noted.
  private var notes: [AuditItem]
  /// Records that nobody could wait for.
  private nonisolated let waiting = Mutex<[AuditRecord]>([])
  private var lost = 0
  private var synchronized: AuditHead?
  /// What the witness has.
  private var witnessed: AuditHead?
  private var complained: ContinuousClock.Instant?
  private var isMaintaining = false

  /// How many records could not be written since it was opened.
  package private(set) var lostCount = 0

  /// Continues the log in a folder, or begins one.
  ///
  /// - Parameter witness: what is told of the log's end, and misses the log when its folder is gone.
  /// - Throws: ``AuditError``, ``NodeDatabaseError``, or what the file system says.
  package init(
    directory: URL, configuration: AuditConfiguration = AuditConfiguration(), witness: AuditWitness? = nil,
    logger: Logger = Logger(label: "audit")
  ) throws {
    try self.init(
      directory: directory, configuration: configuration, witness: witness, logger: logger,
      write: Self.systemWrite)
  }

  init(
    directory: URL, configuration: AuditConfiguration, witness: AuditWitness? = nil, logger: Logger,
    write: @escaping Write
  ) throws {
    (self.directory, self.configuration, self.logger) = (directory, configuration, logger)
    self.witness = witness
    var (writer, notes) = try AuditWriter.open(
      in: directory, configuration: configuration, witness: try witness?.sealedHead(), write: write)
    if !notes.isEmpty {
      logger.warning(
        "the audit log is not as it was left", metadata: ["notes": "\(notes.map(\.record.action))"])
      // On a full disk they wait for the first record.
      if (try? writer.append(notes)) != nil { notes = [] }
    }
    (self.writer, self.notes) = (writer, notes)
  }

  /// Where the chain ends; kept elsewhere, it proves that nothing was cut off.
  package var head: AuditHead { writer.head }

  /// Writes down what somebody did.
  ///
  /// - Returns: `false` when that was not possible. It is counted, and noted with the next one that is.
  @discardableResult
  package func append(_ record: AuditRecord) -> Bool {
    do {
      try write([AuditItem(record)])
      return true
    } catch {
      (lost, lostCount) = (lost + 1, lostCount + 1)
      complain("the audit log cannot be written", error)
      return false
    }
  }

  /// Writes down what somebody did, for somebody who cannot wait. It is written before the log ends.
  package nonisolated func appendLater(_ record: AuditRecord) {
    waiting.withLock { $0.append(record) }
    Task { await appendWaiting() }
  }

  private func appendWaiting() {
    let records = waiting.withLock { records in
      defer { records = [] }
      return records
    }
    for record in records { append(record) }
  }

  /// Keeps what is written on the disk and throws away what is too old, until it is cancelled.
  package func run() async {
    var nextRetention = ContinuousClock.now
    while !Task.isCancelled {
      if ContinuousClock.now >= nextRetention {
        await removeOld()
        await tellWitness()
        nextRetention = .now + .seconds(3600)
      }
      try? await Task.sleep(for: .seconds(1))
      await synchronize()
    }
  }

  /// Waits until all that has been written is on the disk.
  ///
  /// - Returns: whether it is.
  @discardableResult
  package func synchronize() async -> Bool {
    appendWaiting()
    do {
      if lost > 0 || !notes.isEmpty { try write([]) }
      let head = writer.head
      guard synchronized != head else { return true }
      try await wait(on: synchronizing, for: writer.synchronization())
      if synchronized?.sequence ?? 0 <= head.sequence { synchronized = head }
      return true
    } catch {
      complain("the audit log is not on the disk", error)
      return false
    }
  }

  /// Ends the log. What is appended afterwards is lost.
  package func close() async {
    repeat {
      guard await tellWitness() else { break }
      // While the disk was waited for, more may have come in.
    } while synchronized != writer.head || !waiting.withLock(\.isEmpty)
    writer.close()
  }

  /// Tells the witness where the log ends, once all of it is on the disk.
  ///
  /// - Returns: whether it is on the disk.
  @discardableResult
  private func tellWitness() async -> Bool {
    guard await synchronize() else { return false }
    guard let witness, let head = synchronized, head != witnessed else { return true }
    do {
      try await witness.keep(head.sealed(by: writer.chain))
      witnessed = head
    } catch {
      complain("the end of the audit log is not in the database", error)
    }
    return true
  }

  /// Removes the files whose newest entry is too old.
  package func removeOld(now: Date = .now) async {
    guard configuration.retentionDays > 0 else { return }
    let limit = now.addingTimeInterval(-86_400 * Double(configuration.retentionDays))
    do {
      try await maintain { try await self.removeFiles(olderThan: limit, now: now) }
    } catch {
      complain("old audit entries cannot be removed", error)
    }
  }

  /// Only one at a time changes the files that are finished.
  func maintain<Result: Sendable>(_ work: () async throws -> Result) async throws -> Result {
    while isMaintaining { try await Task.sleep(for: .milliseconds(20)) }
    isMaintaining = true
    defer { isMaintaining = false }
    return try await work()
  }

  /// Writes what has to be noted, and then these.
  func write(_ items: [AuditItem]) throws {
    let missing = lost > 0 ? [AuditItem(.lost, .init(count: lost))] : []
    try writer.append(notes + missing + items)
    (notes, lost) = ([], 0)
  }

  /// Finishes the file that is being written.
  ///
  /// - Returns: all that are finished.
  func finishedFiles() throws -> [AuditFile] {
    try writer.rotate()
    return try AuditFile.all(in: directory).filter { $0.first <= writer.head.sequence }
  }

  func subjectHash(_ subject: String) -> String? { writer.chain.subjectHash(subject) }

  /// Waits for work on the files on a thread that may, so that requests need not.
  func maintenance<Result: Sendable>(_ work: @escaping @Sendable () throws -> Result) async throws -> Result {
    try await wait(on: maintaining, for: work)
  }

  private func wait<Result: Sendable>(
    on queue: DispatchQueue, for work: @escaping @Sendable () throws -> Result
  ) async throws -> Result {
    try await withCheckedThrowingContinuation { continuation in
      queue.async { continuation.resume(with: Swift.Result { try work() }) }
    }
  }

  private func removeFiles(olderThan limit: Date, now: Date) async throws {
    let directory = directory
    let (old, last) = try await maintenance {
      var old: [AuditFile] = []
      var last: AuditEntry?
      for file in try AuditFile.all(in: directory) {
        guard let entry = try file.tail().entry, entry.time < limit else { break }
        old.append(file)
        last = entry
      }
      return (old, last)
    }
    guard let last else { return }
    if last.sequence == writer.head.sequence { try writer.rotate() }
    // Somebody wrote into it in the meantime.
    guard let newest = old.last, !(try isCurrent(newest, last: last)) else { return }
    try write([AuditItem(.retention, .init(hash: last.hash, sequence: last.sequence), time: now)])
    guard await synchronize() else { return }
    try await maintenance {
      // From the oldest on, so that after a crash no gap is left.
      for file in old { try FileManager.default.removeItem(at: file.url) }
      try DurableFile.synchronize(directory)
    }
    logger.info("old audit entries removed", metadata: ["files": "\(old.count)", "last": "\(last.sequence)"])
  }

  private func isCurrent(_ file: AuditFile, last: AuditEntry) throws -> Bool {
    try file.tail().entry?.hash != last.hash
  }

  private func complain(_ message: Logger.Message, _ error: any Error) {
    if let complained, complained.duration(to: .now) < .seconds(60) { return }
    complained = .now
    logger.error(message, metadata: ["cause": "\(error)", "lost": "\(lostCount)"])
  }
}
