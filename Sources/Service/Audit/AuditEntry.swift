package import Foundation

/// Who acts.
package enum AuditActor: String, Codable, Hashable, Sendable {
  case key, token, address, system
}

/// What somebody did, as the one who saw it tells the log.
package struct AuditRecord: Hashable, Sendable {
  package var time: Date
  package var requestID: String
  package var actor: AuditActor
  /// The identifier of a key, the subject of a token, or an address.
  package var subject: String
  /// Where from.
  package var address: String?
  /// Such as `POST /api/v1/tts/generate`, `job` or `keys.create`. It stays when a subject is erased, so it must not
  /// name one.
  package var action: String
  package var bytesIn: Int
  package var bytesOut: Int
  package var characters: Int?
  package var audioSeconds: Double?
  package var model: String?
  /// In hexadecimal. It stays when a subject is erased, so it should be keyed: a short text's plain hash can be guessed.
  package var textHash: String?
  /// Kept only when the configuration says so.
  package var text: String?
  package var status: Int?
  /// A short code such as `ok`, `unauthorized` or `cancelled`.
  package var outcome: String
  package var milliseconds: Double

  package init(
    time: Date = .now, requestID: String, actor: AuditActor, subject: String, address: String? = nil,
    action: String, bytesIn: Int = 0, bytesOut: Int = 0, characters: Int? = nil, audioSeconds: Double? = nil,
    model: String? = nil, textHash: String? = nil, text: String? = nil, status: Int? = nil, outcome: String,
    milliseconds: Double = 0
  ) {
    (self.time, self.requestID, self.actor, self.subject) = (time, requestID, actor, subject)
    (self.address, self.action, self.bytesIn, self.bytesOut) = (address, action, bytesIn, bytesOut)
    (self.characters, self.audioSeconds, self.model) = (characters, audioSeconds, model)
    (self.textHash, self.text, self.status) = (textHash, text, status)
    (self.outcome, self.milliseconds) = (outcome, milliseconds)
  }
}

/// A line of the log.
///
/// The chain covers the core. Personal data is only in it as a salted hash, so that it can be erased and the chain
/// still holds.
package struct AuditEntry: Codable, Hashable, Sendable {
  package let core: Core
  /// In lower-case hexadecimal, as ``previous``.
  package let hash: String
  /// Absent when there never was any, or when it has been erased.
  package let personal: Personal?
  /// The hash of the entry before.
  package let previous: String

  /// What a sequence can be. A file may say anything, and further up no log has ever counted.
  static let sequences = 1...(1 << 53)
  private static let times = -(1 << 53)...(1 << 53)

  package var sequence: Int { core.sequence }
  package var time: Date { Date(timeIntervalSince1970: Double(core.timeMilliseconds) / 1000) }
  package var isErased: Bool { personal == nil && core.personalHash != nil }

  /// The entry that a line holds; `nil` when it holds none, or one with numbers that no log writes.
  static func read(_ line: Data, with decoder: JSONDecoder = JSONDecoder()) -> AuditEntry? {
    guard let entry = try? decoder.decode(Self.self, from: line), sequences.contains(entry.sequence),
      times.contains(entry.core.timeMilliseconds)
    else { return nil }
    return entry
  }

  /// What the chain covers. All numbers are whole: a fraction has more than one way to be written.
  package struct Core: Codable, Hashable, Sendable {
    package let action: String
    package let actor: AuditActor
    package let audioMilliseconds: Int?
    package let bytesIn: Int
    package let bytesOut: Int
    package let characters: Int?
    package let details: Details?
    package let durationMicroseconds: Int
    package let model: String?
    package let outcome: String
    package let personalHash: String?
    package let requestID: String
    /// From 1.
    package let sequence: Int
    package let status: Int?
    package let textHash: String?
    /// Since 1970.
    package let timeMilliseconds: Int
  }

  /// What says who it was.
  package struct Personal: Codable, Hashable, Sendable {
    package let address: String?
    /// Without it, whoever has the hash could try all addresses.
    package let salt: String
    package let subject: String
    package let text: String?
  }

  /// What the log says of itself.
  package struct Details: Codable, Hashable, Sendable {
    /// How many bytes of a half-written line were cut off.
    package var bytes: Int?
    /// How many entries were lost or erased.
    package var count: Int?
    /// The hash of the last entry that was removed, or that is missing.
    package var hash: String?
    /// Which entries were erased, as ``AuditRanges`` writes them.
    package var ranges: String?
    /// The sequence of the last entry that was removed, or that is missing.
    package var sequence: Int?
    /// Keyed; absent when there is no secret, since anything else could be guessed.
    package var subjectHash: String?
  }
}

/// What the log is to write: a record, or a note of its own.
struct AuditItem: Sendable {
  let record: AuditRecord
  var details: AuditEntry.Details?

  init(_ record: AuditRecord) {
    self.record = record
  }

  init(_ event: AuditEvent, _ details: AuditEntry.Details, time: Date = .now) {
    record = AuditRecord(
      time: time, requestID: "", actor: .system, subject: "", action: event.rawValue, outcome: "ok")
    self.details = details
  }
}

/// What the log says of itself.
enum AuditEvent: String {
  case erasure = "audit.erasure"
  case lost = "audit.lost"
  case recovered = "audit.recovered"
  case retention = "audit.retention"
  case truncated = "audit.truncated"

  /// Only the log itself acts as the system with details, so no request can be taken for one.
  init?(_ core: AuditEntry.Core) {
    guard core.actor == .system, core.details != nil else { return nil }
    self.init(rawValue: core.action)
  }
}
