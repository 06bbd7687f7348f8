import Foundation
import Logging

extension AuditLog {
  /// Forgets who somebody was: in every entry of this subject, or from this address, who it was, from where, and
  /// what was said. That it happened stays.
  ///
  /// What is appended meanwhile is not erased. When it fails, or the process ends before, it has to be asked for again.
  ///
  /// - Returns: how many entries it was.
  package func erase(subject: String) async throws -> Int {
    let name = AuditChain.cut(subject)
    guard !name.isEmpty else { return 0 }
    return try await maintain {
      let files = try self.finishedFiles()
      let found = try await self.maintenance { try AuditEraser(name).find(in: files) }
      let count = found.reduce(0) { $0 + $1.sequences.count }
      guard count > 0 else { return 0 }
      // Before the files are changed: the other way round, a crash would look as if somebody had.
      try await self.noteErasure(of: subject, found.flatMap(\.sequences.ranges))
      try await self.maintenance {
        for (file, sequences) in found { try AuditEraser(name).rewrite(file, without: sequences) }
      }
      self.logger.info("audit entries erased", metadata: ["count": "\(count)"])
      return count
    }
  }

  private func noteErasure(of subject: String, _ ranges: [ClosedRange<Int>]) async throws {
    let hash = subjectHash(subject)
    try write(
      AuditRanges(ranges).pieces(of: 10_000).map {
        AuditItem(.erasure, .init(count: $0.count, ranges: $0.text, subjectHash: hash))
      })
    guard await synchronize() else { throw AuditError.system(EIO) }
  }
}

/// Finds and erases a subject in files that are no longer written to.
private struct AuditEraser {
  private static let chunk = 1 << 20

  private let subject: Data
  /// As it is in a line. Most lines need not be decoded when they do not have it.
  private let written: Data

  init(_ subject: String) throws {
    self.subject = Data(subject.utf8)
    written = try AuditChain.canonical(subject)
  }

  func find(in files: [AuditFile]) throws -> [(file: AuditFile, sequences: AuditRanges)] {
    try files.compactMap { file in
      let lines = try AuditLines(file.url)
      var sequences = AuditRanges()
      while let line = try lines.next() {
        if let entry = entry(line.bytes) { sequences.append(entry.sequence) }
      }
      // In order, whatever the order of the lines: what is not found by its number would stay.
      return sequences.ranges.isEmpty ? nil : (file, AuditRanges(sequences.ranges))
    }
  }

  func rewrite(_ file: AuditFile, without sequences: AuditRanges) throws {
    let partial = file.url.appendingPathExtension("partial")
    do {
      let lines = try AuditLines(file.url)
      let output = try AuditDescriptor(partial, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW)
      var bytes = Data()
      while let line = try lines.next() {
        if let entry = entry(line.bytes), sequences.contains(entry.sequence) {
          bytes += try AuditChain.line(of: entry.withoutPersonal)
        } else {
          bytes += line.bytes
        }
        if line.isWhole { bytes.append(10) }
        if bytes.count >= Self.chunk {
          try output.write(bytes, using: AuditLog.systemWrite)
          bytes.removeAll()
        }
      }
      try output.write(bytes, using: AuditLog.systemWrite)
      try output.synchronize()
      try DurableFile.move(partial, to: file.url)
    } catch {
      try? FileManager.default.removeItem(at: partial)
      throw error
    }
  }

  /// The entry of a line when it is to be erased.
  private func entry(_ line: Data) -> AuditEntry? {
    guard line.range(of: written) != nil, let entry = AuditEntry.read(line), let personal = entry.personal,
      // Not as texts: there, different bytes can be equal.
      Data(personal.subject.utf8) == subject || personal.address.map({ Data($0.utf8) }) == subject
    else { return nil }
    return entry
  }
}

extension AuditEntry {
  fileprivate var withoutPersonal: AuditEntry {
    AuditEntry(core: core, hash: hash, personal: nil, previous: previous)
  }
}
