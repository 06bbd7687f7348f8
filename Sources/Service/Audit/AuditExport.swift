package import Foundation

/// Gives out what is in a log.
package enum AuditExport {
  /// The form of what is given out.
  package enum Form: String, CaseIterable, Sendable {
    /// RFC 4180; a table's program takes no cell for a formula.
    case csv
    /// As in the log.
    case jsonLines
  }

  /// The entries of a time, the oldest first. The log may be in use.
  ///
  /// Lines that cannot be read are left out: it is ``AuditVerification`` that tells of them.
  ///
  /// - Parameters:
  ///   - from: the first moment.
  ///   - to: the first moment after.
  ///   - subject: whose; an erased one has none.
  package static func lines(
    directory: URL, from: Date? = nil, to: Date? = nil, subject: String? = nil
  ) -> AuditEntries {
    AuditEntries(
      directory: directory, from: from, to: to, subject: subject.map { Data(AuditChain.cut($0).utf8) })
  }

  /// What comes before the first entry.
  package static func header(_ form: Form) -> String {
    form == .csv ? columns.map(\.name).joined(separator: ",") + "\r\n" : ""
  }

  /// An entry with its line's end.
  package static func text(of entry: AuditEntry, as form: Form) throws -> String {
    switch form {
    case .csv: columns.map { cell($0.value(entry) ?? "") }.joined(separator: ",") + "\r\n"
    case .jsonLines: String(decoding: try AuditChain.line(of: entry), as: UTF8.self) + "\n"
    }
  }

  /// Quotes a cell, and keeps a table's program from computing it.
  static func cell(_ text: String) -> String {
    let isFormula = text.unicodeScalars.first.map { "=+-@\t\r\n".unicodeScalars.contains($0) } ?? false
    let safe = isFormula ? "'" + text : text
    // By scalar, since CR LF is one character.
    guard safe.unicodeScalars.contains(where: { ",\"\r\n".unicodeScalars.contains($0) }) else { return safe }
    return "\"" + safe.replacingOccurrences(of: "\"", with: "\"\"") + "\""
  }

  private static let columns: [(name: String, value: @Sendable (AuditEntry) -> String?)] = [
    ("sequence", { String($0.sequence) }),
    ("time", { $0.time.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true)) }),
    ("request_id", { $0.core.requestID }),
    ("actor", { $0.core.actor.rawValue }),
    ("subject", { $0.personal?.subject }),
    ("address", { $0.personal?.address }),
    ("action", { $0.core.action }),
    ("status", { $0.core.status.map { String($0) } }),
    ("outcome", { $0.core.outcome }),
    ("milliseconds", { thousandths($0.core.durationMicroseconds) }),
    ("bytes_in", { String($0.core.bytesIn) }),
    ("bytes_out", { String($0.core.bytesOut) }),
    ("characters", { $0.core.characters.map { String($0) } }),
    ("audio_seconds", { $0.core.audioMilliseconds.map(thousandths) }),
    ("model", { $0.core.model }),
    ("text_hash", { $0.core.textHash }),
    ("text", { $0.personal?.text }),
    ("erased", { $0.isErased ? "true" : "false" }),
    ("hash", { $0.hash }),
  ]

  @Sendable private static func thousandths(_ count: Int) -> String {
    let fraction = String(count.magnitude % 1000)
    let sign = count < 0 ? "-" : ""
    return "\(sign)\(count.magnitude / 1000).\(String(repeating: "0", count: 3 - fraction.count))\(fraction)"
  }
}

/// Entries, read while they are asked for.
package struct AuditEntries: AsyncSequence, Sendable {
  package typealias Element = AuditEntry

  let directory: URL
  let from: Date?
  let to: Date?
  let subject: Data?

  package func makeAsyncIterator() -> Iterator { Iterator(self) }

  package struct Iterator: AsyncIteratorProtocol {
    private let wanted: AuditEntries
    private let decoder = JSONDecoder()
    private var file: AuditFile?
    private var lines: AuditLines?

    init(_ wanted: AuditEntries) { self.wanted = wanted }

    package mutating func next() async throws -> AuditEntry? {
      while true {
        try Task.checkCancellation()
        if let line = try lines?.next() {
          guard line.isWhole, let entry = AuditEntry.read(line.bytes, with: decoder), wanted.has(entry)
          else { continue }
          return entry
        }
        guard let next = try AuditFile.next(after: file, in: wanted.directory) else { return nil }
        (file, lines) = (next, try next.lines())
      }
    }
  }

  private func has(_ entry: AuditEntry) -> Bool {
    if let from, entry.time < from { return false }
    if let to, entry.time >= to { return false }
    guard let subject else { return true }
    return entry.personal.map { Data($0.subject.utf8) == subject } ?? false
  }
}
