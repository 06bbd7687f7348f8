package import Foundation

/// Tells whether a log is as it was written.
package enum AuditVerification {
  /// Reads all of a log, which may be in use. It holds a line at a time, and which entries were erased.
  ///
  /// - Parameter secret: the one the log is kept with.
  /// - Throws: ``AuditError`` when it cannot be read.
  package static func verify(directory: URL, secret: String? = nil) throws -> AuditReport {
    // Before the entries, so that a log in use only ever has more of them.
    let hasHead = FileManager.default.fileExists(atPath: AuditFile.head(in: directory).path)
    let chain = AuditChain(secret: secret)
    var pass = AuditPass(chain: chain, head: AuditHead.read(in: directory, chain: chain), hasHead: hasHead)
    var file: AuditFile?
    while let next = try AuditFile.next(after: file, in: directory) {
      try pass.read(next)
      file = next
    }
    return pass.finish()
  }
}

/// One reading of a log.
private struct AuditPass {
  let chain: AuditChain
  let head: AuditHead?
  let hasHead: Bool

  private var report = AuditReport()
  private var first: AuditEntry?
  private var last: AuditEntry?
  /// How many lines since the last entry could not be read: they are what seems to be missing.
  private var unread = 0
  private var gaps: [ClosedRange<Int>] = []
  private var fitting = 0
  private var retention: AuditEntry.Details?
  private var erasures: [ClosedRange<Int>] = []
  private var withoutPersonal: [(file: String, sequences: AuditRanges)] = []

  init(chain: AuditChain, head: AuditHead?, hasHead: Bool) {
    (self.chain, self.head, self.hasHead) = (chain, head, hasHead)
  }

  mutating func read(_ file: AuditFile) throws {
    if report.hasUnfinishedLine {
      report.note(AuditProblem(kind: .unreadable, file: file.name, detail: "the file before ends in a line"))
      report.hasUnfinishedLine = false
    }
    report.files += 1
    withoutPersonal.append((file.name, AuditRanges()))
    let lines = try AuditLines(file.url)
    let decoder = JSONDecoder()
    var number = 0
    while let line = try lines.next() {
      number += 1
      guard line.isWhole else {
        report.hasUnfinishedLine = true
        break
      }
      guard let entry = try? decoder.decode(AuditEntry.self, from: line.bytes) else {
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
    let fits = chain.hash(core, after: entry.previous) == entry.hash
    let isWritten = try AuditChain.line(of: entry, core: core) == line
    if fits { fitting += 1 }
    if !fits || !isWritten { report.note(place) }
    try checkPersonal(entry, place)
    follow(entry, place)
    if fits { heed(entry, place) }
    if let head, head.sequence == entry.sequence, head.hash != entry.hash {
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
      if details.sequence ?? 0 > retention?.sequence ?? 0 { retention = details }
    case .truncated:
      report.note(place.of(.truncated, "found when the log was opened"))
    case .lost, .recovered: break
    }
  }

  mutating func finish() -> AuditReport {
    (report.first, report.last, report.lastHash) = (first?.sequence, last?.sequence, last?.hash)
    for gap in gaps { noteRemoved(gap) }
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
    guard let head else {
      guard hasHead || report.entries > 0 else { return }
      report.note(
        AuditProblem(
          kind: .truncated, file: "head.json", detail: hasHead ? "it was edited" : "it is missing"))
      return
    }
    guard head.sequence > last?.sequence ?? 0 else { return }
    report.note(
      AuditProblem(
        kind: .truncated, sequence: head.sequence, detail: "this was the last entry"))
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
