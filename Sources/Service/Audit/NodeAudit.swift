import Crypto
package import Foundation
import Logging

/// What a node writes down about requests, as its configuration says.
package struct NodeAudit: Sendable {
  package let log: AuditLog
  package let directory: URL
  private let configuration: ServiceConfiguration.Security.Audit
  /// What texts are hashed with, so that a short one cannot be guessed from its hash.
  private let textKey: SymmetricKey
  private let witness: AuditWitness?

  /// - Parameter database: what misses the log when its folder is gone.
  /// - Returns: `nil` when nothing is to be written down.
  /// - Throws: ``AuditError``, ``NodeDatabaseError``.
  init?(
    _ configuration: ServiceConfiguration.Security.Audit, in directory: URL, database: NodeDatabase? = nil,
    logger: Logger
  ) throws {
    guard configuration.enabled else { return nil }
    self.configuration = configuration
    self.directory = directory
    witness = database.map(AuditWitness.init)
    log = try AuditLog(
      directory: directory, configuration: AuditConfiguration(configuration), witness: witness, logger: logger
    )
    textKey = try Self.textKey(in: directory)
  }

  /// A text's hash, by which somebody who has the text can find its entries with this folder's key.
  package func hash(of text: String) -> String {
    HMAC<SHA256>.authenticationCode(for: Data(text.utf8), using: textKey).map { String(format: "%02x", $0) }
      .joined()
  }

  /// Whether the chain of what was written so far holds.
  package func verify() throws -> AuditReport {
    try AuditVerification.verify(
      directory: directory, secret: configuration.secret, witness: witness?.sealedHead())
  }

  func close() async { await log.close() }

  private static func textKey(in directory: URL) throws -> SymmetricKey {
    let file = directory.appending(path: "text.key")
    if let bytes = try? Data(contentsOf: file), bytes.count == 32 { return SymmetricKey(data: bytes) }
    let key = SymmetricKey(size: .bits256)
    let isMade = FileManager.default.createFile(
      atPath: file.path, contents: key.withUnsafeBytes { Data($0) }, attributes: [.posixPermissions: 0o600])
    guard isMade else { throw AuditError.system(errno) }
    return key
  }
}

extension AuditConfiguration {
  /// What a node's settings ask for.
  package init(_ settings: ServiceConfiguration.Security.Audit) {
    self.init(
      maxFileBytes: settings.maxFileBytes, retentionDays: settings.retentionDays, secret: settings.secret,
      keepsText: settings.text)
  }
}
