import Foundation
import Service
import Testing

extension TestServer {
  /// What the audit log has of an action, the oldest first.
  func audited(_ action: String) async throws -> [AuditEntry] {
    let audit = try #require(node.audit)
    var found: [AuditEntry] = []
    for try await entry in AuditExport.lines(directory: audit.directory) where entry.core.action == action {
      found.append(entry)
    }
    return found
  }

  /// The first entry of an action. A request's is written before its answer has left.
  func firstAudited(_ action: String) async throws -> AuditEntry {
    let end = ContinuousClock.now + .seconds(30)
    while try await audited(action).isEmpty, ContinuousClock.now < end {
      try await Task.sleep(for: .milliseconds(10))
    }
    return try #require(try await audited(action).first)
  }
}
