import Foundation
import Testing

@testable import Service

/// What somebody does to a log of nine entries in three files of three.
enum Tampering: String, CaseIterable, Sendable {
  case editsField, editsFieldAndHash, addsField, editsPersonal, removesPersonal, removesFirstLine
  case removesMiddleLine, swapsLines, swapsFirstLines, insertsLine, insertsForgedLine, spoilsLine, hidesLine
  case removesFirstFile, removesMiddleFile, removesLastFile, cutsTail, cutsTailAndHead, cutsTailAndEditsHead
  case renamesFiles, claimsRetention

  var kind: AuditProblem.Kind {
    switch self {
    case .editsField, .editsFieldAndHash, .addsField: .edited
    case .editsPersonal: .personalDataEdited
    case .removesPersonal: .missingPersonal
    case .removesFirstLine, .removesMiddleLine, .removesFirstFile, .removesMiddleFile: .removed
    case .swapsLines, .swapsFirstLines, .renamesFiles: .reordered
    case .insertsLine, .insertsForgedLine: .inserted
    case .spoilsLine, .hidesLine: .unreadable
    case .removesLastFile, .cutsTail, .cutsTailAndHead, .cutsTailAndEditsHead: .truncated
    case .claimsRetention: .removed
    }
  }
}

@Suite struct AuditTamperingTests {
  private static let configuration = AuditConfiguration(secret: "secret")
  private let folder = AuditFolder()

  private func fill() async throws {
    let log = try folder.log(Self.configuration)
    for index in 0..<9 {
      let day = Double(index / 3) * 86_400
      await log.append(record(index, time: Date(timeIntervalSince1970: 1_800_000_000 + day)))
    }
    await log.close()
  }

  @Test(arguments: Tampering.allCases) func tamperingIsNoticed(_ tampering: Tampering) async throws {
    try await fill()
    #expect(try folder.verify(secret: "secret").isIntact)
    try tamper(tampering)
    let report = try folder.verify(secret: "secret")
    #expect(report.problems.contains { $0.kind == tampering.kind }, "\(report.problems)")
    #expect(report.problemCount <= 4, "\(report.problems)")
  }

  @Test func aChainComputedAnewWithoutTheSecretIsNoticed() async throws {
    try await fill()
    #expect(try folder.verify(secret: "other").problems.map(\.kind) == [.wrongSecret])
    let forged = try await folder.entries()
    for file in try folder.files() { try FileManager.default.removeItem(at: file) }
    try FileManager.default.removeItem(at: AuditFile.head(in: folder.url))
    let log = try folder.log(AuditConfiguration())
    for entry in forged { await log.append(record(entry.sequence + 100)) }
    await log.close()
    let report = try folder.verify(secret: "secret")
    #expect(report.problems.map(\.kind) == [.wrongSecret])
    #expect(try folder.verify().isIntact)
  }

  @Test(arguments: [true, false]) func aTruncatedTailIsStillKnownAfterARestart(keepsHead: Bool) async throws {
    try await fill()
    try folder.change(file: 2) { $0.removeLast() }
    if !keepsHead { try FileManager.default.removeItem(at: AuditFile.head(in: folder.url)) }
    try await folder.fill(3, Self.configuration)
    let report = try folder.verify(secret: "secret")
    #expect(report.problems.map(\.kind).contains(.truncated) && report.entries == 12)
  }

  @Test func aLogThatIsGoneIsNoticed() async throws {
    try await fill()
    for file in try folder.files() { try FileManager.default.removeItem(at: file) }
    #expect(try folder.verify(secret: "secret").problems.map(\.kind) == [.truncated])
  }

  @Test func aDamagedEndIsNotContinued() async throws {
    try await fill()
    try folder.change(file: 2) { $0[2] = $0[2].replacingOccurrences(of: "\"ok\"", with: "\"no\"") }
    #expect(throws: AuditError.damaged) { try folder.log(Self.configuration) }
  }

  private func tamper(_ tampering: Tampering) throws {
    let files = try folder.files()
    let chain = AuditChain(secret: nil)
    func remove(_ file: URL) throws { try FileManager.default.removeItem(at: file) }
    switch tampering {
    case .editsField: try edit("\"status\":200", "\"status\":401")
    case .editsFieldAndHash: try forge(chain)
    case .addsField: try edit("{\"core\":", "{\"comment\":1,\"core\":")
    case .editsPersonal: try edit("\"subject\":\"key-1\"", "\"subject\":\"key-2\"")
    case .removesPersonal:
      try folder.change(file: 1) { lines in
        lines[1] = lines[1].replacingOccurrences(
          of: #","personal":\{[^}]*\}"#, with: "", options: .regularExpression)
      }
    case .removesFirstLine: try folder.change { $0.removeFirst() }
    case .removesMiddleLine: try folder.change(file: 1) { $0.remove(at: 1) }
    case .swapsLines: try folder.change(file: 1) { $0.swapAt(1, 2) }
    case .swapsFirstLines: try folder.change { $0.swapAt(0, 1) }
    case .insertsLine: try folder.change(file: 1) { $0.insert($0[0], at: 2) }
    case .insertsForgedLine:
      try folder.change(file: 1) { lines in
        lines.insert(lines[0].replacingOccurrences(of: "request-3", with: "request-x"), at: 2)
      }
    case .spoilsLine: try folder.change(file: 1) { $0[1] = "nothing" }
    case .hidesLine:
      try folder.change(file: 1) { $0[1] = String(repeating: " ", count: 17 << 20) + $0[1] }
    case .removesFirstFile: try remove(files[0])
    case .removesMiddleFile: try remove(files[1])
    case .removesLastFile: try remove(files[2])
    case .cutsTail: try folder.change(file: 2) { $0.removeLast() }
    case .cutsTailAndHead:
      try folder.change(file: 2) { $0.removeLast() }
      try remove(AuditFile.head(in: folder.url))
    case .cutsTailAndEditsHead:
      var hash = ""
      try folder.change(file: 2) { lines in
        lines.removeLast()
        hash = try JSONDecoder().decode(AuditEntry.self, from: Data(lines[1].utf8)).hash
      }
      try AuditHead(sequence: 8, hash: hash).sealed(by: chain).write(to: AuditFile.head(in: folder.url))
    case .renamesFiles:
      let aside = folder.url.appending(path: "aside")
      try FileManager.default.moveItem(at: files[1], to: aside)
      try FileManager.default.moveItem(at: files[2], to: files[1])
      try FileManager.default.moveItem(at: aside, to: files[2])
    case .claimsRetention:
      try remove(files[0])
      try folder.change(file: 1) { lines in
        let last = try JSONDecoder().decode(AuditEntry.self, from: Data(lines[2].utf8))
        let note = AuditItem(.retention, .init(hash: last.previous, sequence: 3))
        let head = AuditHead(sequence: last.sequence, hash: last.hash)
        let (_, line) = try chain.entry(note, after: head, keepsText: false)
        lines.append(String(decoding: line, as: UTF8.self))
      }
    }
  }

  private func edit(_ text: String, _ other: String) throws {
    try folder.change(file: 1) { $0[1] = $0[1].replacingOccurrences(of: text, with: other) }
  }

  private func forge(_ chain: AuditChain) throws {
    try folder.change(file: 1) { lines in
      let entry = try JSONDecoder().decode(AuditEntry.self, from: Data(lines[0].utf8))
      let head = AuditHead(sequence: entry.sequence, hash: entry.hash)
      let (_, line) = try chain.entry(AuditItem(record(99)), after: head, keepsText: false)
      lines[1] = String(decoding: line, as: UTF8.self)
    }
  }
}
