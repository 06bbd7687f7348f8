package import Foundation

/// Tells whether a log is as it was written.
package enum AuditVerification {
  /// Reads all of a log, which may be in use. It holds a line at a time, and which entries were erased.
  ///
  /// - Parameters:
  ///   - secret: the one the log is kept with.
  ///   - witness: what an ``AuditWitness`` has of the log.
  ///   - isExpected: whether there has to be a log.
  /// - Throws: ``AuditError`` when it cannot be read.
  package static func verify(
    directory: URL, secret: String? = nil, witness: Data? = nil, isExpected: Bool = true
  ) throws -> AuditReport {
    try verify(directory: directory, secret: secret, witness: witness, isExpected: isExpected) { _ in }
  }

  /// - Parameter whenRead: hears of each file that was read, before another one is looked for.
  static func verify(
    directory: URL, secret: String? = nil, witness: Data? = nil, isExpected: Bool = true,
    whenRead: (AuditFile) throws -> Void
  ) throws -> AuditReport {
    // Before the entries, so that a log in use only ever has more of them.
    var pass = AuditPass(
      AuditKnownEnds(in: directory, AuditChain(secret: secret), witness: witness),
      isExpected: isExpected)
    guard FileManager.default.fileExists(atPath: directory.path) else { return pass.finish() }
    var next = try AuditFile.next(after: nil, in: directory)
    while let file = next {
      let lines = try file.lines()
      if let lines { try pass.begin(file, lines) }
      try whenRead(file)
      next = try AuditFile.next(after: file, in: directory)
      // What it got before the next one began. From then on it gets nothing more.
      if next != nil, let lines { try pass.read(lines, of: file) }
    }
    return pass.finish()
  }
}

/// One reading of a log.
private struct AuditPass {
  private let ends: AuditKnownEnds
  private let isExpected: Bool

  private let decoder = JSONDecoder()
  private var report = AuditReport()
  private var first: AuditEntry?
  private var last: AuditEntry?
  /// The line of the file that was read last.
  private var number = 0
  /// How many lines since the last entry could not be read: they are what seems to be missing.
  private var unread = 0
  private var gaps: [ClosedRange<Int>] = []
  private var fitting = 0
  private var retention: AuditEntry.Details?
  private var erasures: [ClosedRange<Int>] = []
  private var withoutPersonal: [(file: String, sequences: AuditRanges)] = []

  init(_ ends: AuditKnownEnds, isExpected: Bool) {
    (self.ends, self.isExpected) = (ends, isExpected)
  }

  /// Reads what a file has by now.
  mutating func begin(_ file: AuditFile, _ lines: AuditLines) throws {
    if report.hasUnfinishedLine {
      report.note(AuditProblem(kind: .unreadable, file: file.name, detail: "the file before ends in a line"))
    }
    report.files += 1
    withoutPersonal.append((file.name, AuditRanges()))
    number = 0
    try read(lines, of: file)
  }

  /// Reads on in a file.
  mutating func read(_ lines: AuditLines, of file: AuditFile) throws {
    report.hasUnfinishedLine = false
    var end = lines.offset
    while let line = try lines.next() {
      guard line.isWhole else {
        report.hasUnfinishedLine = true
        return try lines.goBack(to: end)
      }
      end = lines.offset
      number += 1
      guard let entry = AuditEntry.read(line.bytes, with: decoder) else {
        unread += 1
        report.note(AuditProblem(kind: .unreadable, file: file.name, line: number))
        continue
      }
      try take(
        entry, line.bytes,
        AuditProblem(
          kind: .edited, file: file.name, line: number, sequence: entry.sequence))
    }
  }

  private mutating func take(_ entry: AuditEntry, _ line: Data, _ place: AuditProblem) throws {
    report.entries += 1
    let core = try AuditChain.canonical(entry.core)
    let fits = ends.chain.hash(core, after: entry.previous) == entry.hash
    let isWritten = try AuditChain.line(of: entry, core: core) == line
    if fits { fitting += 1 }
    if !fits || !isWritten { report.note(place) }
    try checkPersonal(entry, place)
    follow(entry, place)
    if fits { heed(entry, place) }
    if ends.all.contains(where: { $0.sequence == entry.sequence && $0.hash != entry.hash }) {
      report.note(place.of(.truncated, "another entry was the last one"))
    }
  }

  private mutating func checkPersonal(_ entry: AuditEntry, _ place: AuditProblem) throws {
    if let personal = entry.personal {
      guard try entry.core.personalHash != AuditChain.hash(of: personal) else { return }
      report.note(place.of(.personalDataEdited))
    } else if entry.isErased {
      withoutPersonal[withoutPersonal.count - 1].sequences.append(entry.sequence)
    }
  }

  private mutating func follow(_ entry: AuditEntry, _ place: AuditProblem) {
    guard let last, let first else {
      (first, self.last, unread) = (entry, entry, 0)
      return
    }
    if entry.sequence <= last.sequence {
      let gap = gaps.firstIndex { $0.contains(entry.sequence) }
      report.note(place.of(gap != nil || entry.sequence < first.sequence ? .reordered : .inserted))
      if let gap {
        let range = gaps.remove(at: gap)
        if range.lowerBound < entry.sequence { gaps.append(range.lowerBound...entry.sequence - 1) }
        if range.upperBound > entry.sequence { gaps.append(entry.sequence + 1...range.upperBound) }
      }
      return
    }
    let missing = entry.sequence - last.sequence - 1
    if missing > unread {
      gaps.append(last.sequence + 1...entry.sequence - 1)
    } else if missing == 0, unread == 0, entry.previous != last.hash {
      report.note(place.of(.edited, "it does not follow the entry before"))
    }
    (self.last, unread) = (entry, 0)
  }

  /// What the log says of itself counts only where the chain holds.
  private mutating func heed(_ entry: AuditEntry, _ place: AuditProblem) {
    guard let details = entry.core.details, let event = AuditEvent(entry.core) else { return }
    switch event {
    case .erasure:
      // Nothing can be erased before it was written.
      for range in AuditRanges(text: details.ranges ?? "")?.ranges ?? []
      where range.lowerBound < entry.sequence {
        erasures.append(range.lowerBound...min(range.upperBound, entry.sequence - 1))
      }
    case .retention:
      // Nor can anything be removed before.
      guard let sequence = details.sequence, sequence < entry.sequence else { break }
      if sequence > retention?.sequence ?? 0 { retention = details }
    case .truncated:
      report.note(place.of(.truncated, "found when the log was opened"))
    case .lost, .recovered: break
    }
  }

  mutating func finish() -> AuditReport {
    (report.first, report.last, report.lastHash) = (first?.sequence, last?.sequence, last?.hash)
    noteGaps()
    if report.entries > 0, fitting == 0 {
      // Everything else follows from it.
      report.problems = []
      report.problemCount = 0
      report.note(AuditProblem(kind: .wrongSecret))
      return report
    }
    checkBeginning()
    checkEnd()
    checkErasures()
    return report
  }

  private mutating func noteGaps() {
    // Files that are too old may go while the log is read; the note of it is further on then.
    let removed = retention?.sequence ?? 0
    for gap in gaps where gap.upperBound > removed {
      noteRemoved(max(gap.lowerBound, removed + 1)...gap.upperBound)
    }
  }

  private mutating func checkBeginning() {
    guard let first else { return }
    if first.sequence == 1 {
      if first.previous != AuditChain.origin {
        report.note(AuditProblem(kind: .edited, sequence: 1, detail: "it follows something"))
      }
      return
    }
    let removed = retention?.sequence ?? 0
    if removed < first.sequence - 1 {
      noteRemoved(removed + 1...first.sequence - 1)
    } else if removed == first.sequence - 1, retention?.hash != first.previous {
      report.note(
        AuditProblem(
          kind: .edited, sequence: first.sequence, detail: "it does not follow what was removed"))
    }
  }

  private mutating func checkEnd() {
    if ends.head == nil, ends.hasHead || report.files > 0 || isExpected {
      let detail =
        ends.hasHead ? "it was edited" : report.files > 0 ? "it is missing" : "it is missing: there is no log"
      report.note(AuditProblem(kind: .truncated, file: "head.json", detail: detail))
    }
    let end = ends.all.map(\.sequence).max() ?? 0
    guard end > last?.sequence ?? 0 else { return }
    report.note(AuditProblem(kind: .truncated, sequence: end, detail: "this was the last entry"))
  }

  private mutating func checkErasures() {
    let listed = AuditRanges(erasures)
    for (file, sequences) in withoutPersonal {
      for sequence in sequences.ranges.joined() {
        if listed.contains(sequence) {
          report.erased += 1
        } else {
          report.note(AuditProblem(kind: .missingPersonal, file: file, sequence: sequence))
        }
      }
    }
  }

  private mutating func noteRemoved(_ range: ClosedRange<Int>) {
    report.note(
      AuditProblem(
        kind: .removed, sequence: range.lowerBound, detail: AuditRanges([range]).text))
  }
}

extension AuditProblem {
  /// Another problem at the same place.
  fileprivate func of(_ kind: Kind, _ detail: String? = nil) -> AuditProblem {
    AuditProblem(kind: kind, file: file, line: line, sequence: sequence, detail: detail)
  }
}
