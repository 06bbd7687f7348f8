import Crypto
import Foundation

/// How entries hang together.
struct AuditChain: Sendable {
  /// What the first entry follows.
  static let origin = String(repeating: "0", count: 64)
  private static let longestName = 256
  /// So that a line is never longer than what ``AuditLines`` reads.
  private static let longestText = 1_000_000

  private let key: SymmetricKey?

  /// - Parameter secret: without it anybody who can write the files can compute the chain anew.
  init(secret: String?) {
    key = secret.flatMap { $0.isEmpty ? nil : SymmetricKey(data: Data($0.utf8)) }
  }

  /// Makes the entry that comes next.
  func entry(_ item: AuditItem, after head: AuditHead, keepsText: Bool) throws -> (AuditEntry, Data) {
    let record = item.record
    let text = keepsText ? record.text.map { Self.cut($0, to: Self.longestText) } : nil
    var personal: AuditEntry.Personal?
    if !record.subject.isEmpty || record.address != nil || text != nil {
      personal = AuditEntry.Personal(
        address: record.address.map { Self.cut($0) },
        salt: Self.hexadecimal((0..<16).map { _ in UInt8.random(in: 0 ... .max) }),
        subject: Self.cut(record.subject), text: text)
    }
    let core = AuditEntry.Core(
      action: Self.cut(record.action), actor: record.actor,
      audioMilliseconds: record.audioSeconds.map { Self.whole($0 * 1000) }, bytesIn: record.bytesIn,
      bytesOut: record.bytesOut, characters: record.characters, details: item.details,
      durationMicroseconds: Self.whole(record.milliseconds * 1000), model: record.model.map { Self.cut($0) },
      outcome: Self.cut(record.outcome), personalHash: try personal.map(Self.hash(of:)),
      requestID: Self.cut(record.requestID), sequence: head.sequence + 1, status: record.status,
      textHash: record.textHash.map { Self.cut($0) },
      timeMilliseconds: Self.whole(record.time.timeIntervalSince1970 * 1000))
    let entry = AuditEntry(
      core: core, hash: hash(try Self.canonical(core), after: head.hash), personal: personal,
      previous: head.hash)
    return (entry, try Self.line(of: entry))
  }

  /// The hash that a core has at its place.
  func hash(_ canonical: Data, after previous: String) -> String {
    digest(Data(previous.utf8) + canonical)
  }

  /// SHA-256, with the secret when there is one.
  func digest(_ data: Data) -> String {
    guard let key else { return Self.hexadecimal(SHA256.hash(data: data)) }
    return Self.hexadecimal(HMAC<SHA256>.authenticationCode(for: data, using: key))
  }

  /// What is noted of an erased subject; `nil` when there is no secret to keep it from being guessed.
  func subjectHash(_ subject: String) -> String? {
    key == nil ? nil : digest(Data("subject:\(subject)".utf8))
  }

  /// The bytes of an entry as its line holds them, without the line's end.
  static func line(of entry: AuditEntry) throws -> Data {
    try line(of: entry, core: canonical(entry.core))
  }

  /// The same, for somebody who has the core's bytes already.
  static func line(of entry: AuditEntry, core: Data) throws -> Data {
    var line = Data(#"{"core":"#.utf8) + core + Data(#","hash":"\#(entry.hash)""#.utf8)
    if let personal = entry.personal {
      line += Data(#","personal":"#.utf8)
      line += try canonical(personal)
    }
    return line + Data(#","previous":"\#(entry.previous)"}"#.utf8)
  }

  /// The one way to write a value.
  static func canonical(_ value: some Encodable) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(value)
  }

  /// The salt is part of it.
  static func hash(of personal: AuditEntry.Personal) throws -> String {
    hexadecimal(SHA256.hash(data: try canonical(personal)))
  }

  static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
  }

  /// Counts scalars, since a single character can be of any length.
  static func cut(_ text: String, to count: Int = longestName) -> String {
    text.utf8.count <= count ? text : String(text.unicodeScalars.prefix(count))
  }

  /// What a caller measured wrongly must not stop its request.
  private static func whole(_ number: Double) -> Int {
    let limit = 9_007_199_254_740_992.0
    return number.isNaN ? 0 : Int(min(max(number, -limit), limit).rounded())
  }
}

/// Where the chain ended when it was last known to be on the disk.
package struct AuditHead: Codable, Hashable, Sendable {
  package let hash: String
  /// So that nobody without the secret can set the head back.
  package private(set) var seal: String?
  package let sequence: Int

  init(sequence: Int = 0, hash: String = AuditChain.origin) {
    (self.sequence, self.hash) = (sequence, hash)
  }

  /// What to write beside the files.
  func sealed(by chain: AuditChain) throws -> Data {
    var head = self
    head.seal = expectedSeal(chain)
    return try AuditChain.canonical(head)
  }

  /// What was written there; `nil` when there is none, or somebody else wrote it.
  static func read(in directory: URL, chain: AuditChain) -> AuditHead? {
    (try? Data(contentsOf: AuditFile.head(in: directory))).flatMap { read($0, chain: chain) }
  }

  /// What was written; `nil` when somebody else wrote it.
  static func read(_ data: Data, chain: AuditChain) -> AuditHead? {
    guard let head = try? JSONDecoder().decode(Self.self, from: data),
      head.sequence == 0 || AuditEntry.sequences.contains(head.sequence),
      head.seal == head.expectedSeal(chain)
    else { return nil }
    return head
  }

  private func expectedSeal(_ chain: AuditChain) -> String {
    chain.digest(Data("head:\(sequence):\(hash)".utf8))
  }
}

/// Where a log ends, as is known without its entries.
struct AuditKnownEnds {
  let chain: AuditChain
  /// What stands beside the files; `nil` also when somebody else wrote it.
  let head: AuditHead?
  let hasHead: Bool
  let all: Set<AuditHead>

  /// - Parameter witness: what an ``AuditWitness`` has of the log.
  init(in directory: URL, _ chain: AuditChain, witness: Data?) {
    self.chain = chain
    hasHead = FileManager.default.fileExists(atPath: AuditFile.head(in: directory).path)
    head = AuditHead.read(in: directory, chain: chain)
    all = Set([head, witness.flatMap { AuditHead.read($0, chain: chain) }].compactMap { $0 })
  }
}
