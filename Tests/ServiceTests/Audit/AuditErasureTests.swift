import Foundation
import Testing

@testable import Service

@Suite struct AuditErasureTests {
  private let folder = AuditFolder()

  @Test(arguments: [nil, "secret"]) func noTraceOfASubjectIsLeftAndTheChainHolds(secret: String?) async throws
  {
    let configuration = AuditConfiguration(maxFileBytes: 3000, secret: secret, keepsText: true)
    let subject = "ali\"ce/ü@example.org"
    let log = try folder.log(configuration)
    for index in 0..<20 {
      var entry = record(index, subject: index % 3 == 0 ? subject : "bob")
      if index % 3 == 0 { (entry.text, entry.address) = ("what she said", "198.51.100.23") }
      #expect(await log.append(entry))
    }
    #expect(try await log.erase(subject: subject) == 7)
    #expect(try await log.erase(subject: subject) == 0)
    for text in ["ali", "example.org", "what she said", "198.51.100.23"] { #expect(try !folder.has(text)) }
    #expect(try folder.has("bob"))
    #expect(await log.append(record(20)))
    await log.close()
    let report = try folder.verify(secret: secret)
    #expect(report.isIntact && report.erased == 7 && report.entries == 22, "\(report.problems)")
    let entries = try await folder.entries()
    let note = try #require(entries.first { $0.core.action == "audit.erasure" })
    #expect(note.core.details?.ranges == "1,4,7,10,13,16,19" && note.core.details?.count == 7)
    #expect((note.core.details?.subjectHash != nil) == (secret != nil))
    #expect(try await folder.entries(subject: subject).isEmpty)
    let attributes = try FileManager.default.attributesOfItem(atPath: folder.files()[0].path)
    #expect(attributes[.posixPermissions] as? Int == 0o600)
    try await folder.fill(1, configuration)
    #expect(try folder.verify(secret: secret).isIntact)
  }

  @Test func whatIsAppendedDuringAnErasureIsKept() async throws {
    let log = try folder.log(AuditConfiguration(maxFileBytes: 20_000))
    for index in 0..<200 { await log.append(record(index, subject: index % 2 == 0 ? "alice" : "bob")) }
    async let erased = log.erase(subject: "alice")
    async let others = log.erase(subject: "bob")
    for index in 0..<200 { await log.append(record(index, subject: "carol")) }
    #expect(try await erased == 100)
    #expect(try await others == 100)
    await log.close()
    let report = try folder.verify()
    #expect(report.isIntact && report.entries == 402 && report.erased == 200, "\(report.problems)")
  }

  @Test func anErasureAllowsOnlyWhatItLists() async throws {
    let log = try folder.log()
    for index in 0..<4 { await log.append(record(index, subject: index == 1 ? "alice" : "bob")) }
    _ = try await log.erase(subject: "alice")
    await log.close()
    try folder.change { lines in
      lines[2] = lines[2].replacingOccurrences(
        of: #","personal":\{[^}]*\}"#, with: "", options: .regularExpression)
    }
    let report = try folder.verify()
    #expect(report.problems.map(\.kind) == [.missingPersonal] && report.problems[0].sequence == 3)
    #expect(report.erased == 1)
  }

  @Test func anErasureThatACrashStoppedCanBeDoneAgain() async throws {
    try await folder.fill(3, subject: "alice")
    let partial = try folder.files()[0].appendingPathExtension("partial")
    try Data("half of it".utf8).write(to: partial)
    let log = try folder.log()
    #expect(!FileManager.default.fileExists(atPath: partial.path))
    #expect(try await log.erase(subject: "alice") == 3)
    await log.close()
    #expect(try folder.verify().isIntact)
  }

  @Test func rangesAreReadAsTheyAreWritten() throws {
    var ranges = AuditRanges()
    for sequence in [3, 4, 5, 9] { ranges.append(sequence) }
    #expect(ranges.text == "3-5,9" && ranges.count == 4 && AuditRanges(text: "3-5,9") == ranges)
    #expect(ranges.contains(9) && ranges.contains(3) && !ranges.contains(6) && !ranges.contains(10))
    #expect(ranges.pieces(of: 1).map(\.text) == ["3-5", "9"])
    for text in ["5-3", "x", "1-2-3", "0-3", "1-\(Int.max)"] { #expect(AuditRanges(text: text) == nil) }
  }

  @Test func theOrderOfTheLinesHidesNobody() async throws {
    let log = try folder.log()
    for index in 0..<6 { await log.append(record(index, subject: index % 2 == 0 ? "alice" : "bob")) }
    await log.close()
    try folder.change { $0.swapAt(0, 4) }
    let again = try folder.log()
    #expect(try await again.erase(subject: "alice") == 3)
    await again.close()
    #expect(try !folder.has("alice"))
  }
}

@Suite struct AuditExportTests {
  private let folder = AuditFolder()

  @Test func onlyWhatIsAskedForIsGivenOut() async throws {
    let start = Date(timeIntervalSince1970: 1_800_000_000)
    let log = try folder.log()
    for index in 0..<10 {
      let time = start.addingTimeInterval(Double(index) * 40_000)
      await log.append(record(index, subject: "key-\(index % 2)", time: time))
    }
    await log.close()
    #expect(try folder.files().count > 1)
    let (from, to) = (start.addingTimeInterval(80_000), start.addingTimeInterval(240_000))
    #expect(try await folder.entries(from: from, to: to).map(\.sequence) == [3, 4, 5, 6])
    #expect(try await folder.entries(from: from, to: to, subject: "key-1").map(\.sequence) == [4, 6])
    let entry = try #require(try await folder.entries().first)
    let line = try AuditExport.text(of: entry, as: .jsonLines)
    #expect(try JSONDecoder().decode(AuditEntry.self, from: Data(line.utf8)) == entry)
  }

  @Test func aRowHasAsManyCellsAsTheHeader() async throws {
    let log = try folder.log(AuditConfiguration(keepsText: true))
    var hostile = record(0, subject: "=1+1")
    hostile.text = "plain"
    await log.append(hostile)
    await log.close()
    let entry = try #require(try await folder.entries().first)
    let row = try AuditExport.text(of: entry, as: .csv)
    let header = AuditExport.header(.csv)
    #expect(
      row.hasSuffix("\r\n")
        && header.split(separator: ",").count
          == row.split(separator: ",", omittingEmptySubsequences: false).count
    )
    #expect(row.contains(",'=1+1,192.0.2.7,") && row.contains("2027-01-15T08:00:00.000Z"))
    #expect(row.contains(",0.100,") && row.contains(",1.235,"))
  }

  @Test(arguments: [
    ("plain", "plain"), ("a,b", "\"a,b\""), ("a\"b", "\"a\"\"b\""), ("a\r\nb", "\"a\r\nb\""), ("=1", "'=1"),
    ("+1", "'+1"), ("-1", "'-1"), ("@x", "'@x"), ("\tx", "'\tx"), ("\rx", "\"'\rx\""),
    ("\r\nx", "\"'\r\nx\""), ("=a,\"b\"", "\"'=a,\"\"b\"\"\""), ("", ""), ("a=1", "a=1"),
  ]) func aCellIsQuotedAndNeverAFormula(text: String, cell: String) {
    #expect(AuditExport.cell(text) == cell)
  }
}
