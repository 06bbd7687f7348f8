import Foundation

@testable import Service

/// A folder for a log, which is gone with the test.
final class AuditFolder: Sendable {
  let url = FileManager.default.temporaryDirectory.appending(path: "audit-\(UUID().uuidString)")

  deinit { try? FileManager.default.removeItem(at: url) }

  func log(_ configuration: AuditConfiguration = AuditConfiguration()) throws -> AuditLog {
    try AuditLog(directory: url, configuration: configuration)
  }

  /// A closed log of so many entries.
  func fill(
    _ count: Int, _ configuration: AuditConfiguration = AuditConfiguration(), subject: String = "key-1"
  ) async throws {
    let log = try log(configuration)
    for index in 0..<count { await log.append(record(index, subject: subject)) }
    await log.close()
  }

  func verify(secret: String? = nil, witness: Data? = nil) throws -> AuditReport {
    try AuditVerification.verify(directory: url, secret: secret, witness: witness)
  }

  /// Removes all that is in it, as somebody would who has something to hide.
  func wipe() throws {
    for name in try FileManager.default.contentsOfDirectory(atPath: url.path) {
      try FileManager.default.removeItem(at: url.appending(path: name))
    }
  }

  func files() throws -> [URL] { try AuditFile.all(in: url).map(\.url) }

  func entries(from: Date? = nil, to: Date? = nil, subject: String? = nil) async throws -> [AuditEntry] {
    var entries: [AuditEntry] = []
    for try await entry in AuditExport.lines(directory: url, from: from, to: to, subject: subject) {
      entries.append(entry)
    }
    return entries
  }

  /// Changes a file's lines, which have no ends.
  func change(file: Int = 0, _ change: (inout [String]) throws -> Void) throws {
    let url = try files()[file]
    var lines = try String(contentsOf: url, encoding: .utf8).split(separator: "\n").map(String.init)
    try change(&lines)
    try Data(lines.map { $0 + "\n" }.joined().utf8).write(to: url)
  }

  /// Whether the bytes of a text are in any file.
  func has(_ text: String) throws -> Bool {
    try FileManager.default.contentsOfDirectory(atPath: url.path).contains { name in
      try Data(contentsOf: url.appending(path: name)).range(of: Data(text.utf8)) != nil || name.contains(text)
    }
  }
}

func record(
  _ index: Int, subject: String = "key-1", time: Date = Date(timeIntervalSince1970: 1_800_000_000)
) -> AuditRecord {
  AuditRecord(
    time: time, requestID: "request-\(index)", actor: .key, subject: subject, address: "192.0.2.7",
    action: "POST /api/v1/tts/generate", bytesIn: 100 + index, bytesOut: 2000, characters: 42,
    audioSeconds: 1.2345, model: "turbo", textHash: "ab12", text: "Hello, \"world\"\nand / more ü",
    status: 200, outcome: "ok", milliseconds: 0.1 + Double(index))
}
