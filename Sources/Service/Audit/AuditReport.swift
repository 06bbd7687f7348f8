/// What is wrong with a log.
package struct AuditProblem: Codable, Hashable, Sendable {
  package enum Kind: String, Codable, Hashable, Sendable, CaseIterable {
    /// An entry is not as it was written.
    case edited
    /// An entry is there twice, or was never part of the chain.
    case inserted
    /// Personal data is gone, and no erasure says so.
    case missingPersonal
    case personalDataEdited
    /// Entries before, or between two others, are gone.
    case removed
    case reordered
    /// Entries at the end are gone.
    case truncated
    case unreadable
    /// No entry fits the secret: it is another one, or somebody without it computed the chain anew.
    case wrongSecret
  }

  package let kind: Kind
  package var file: String?
  /// From 1.
  package var line: Int?
  package var sequence: Int?
  package var detail: String?
}

/// What a verification found.
package struct AuditReport: Encodable, Hashable, Sendable {
  static let mostProblems = 1000

  package internal(set) var entries = 0
  package internal(set) var files = 0
  package internal(set) var first: Int?
  package internal(set) var last: Int?
  /// The hash of the last entry, to be compared with one that was kept elsewhere.
  package internal(set) var lastHash: String?
  /// Entries whose personal data is gone, as an erasure says.
  package internal(set) var erased = 0
  /// The last line has no end: a crash left it, or it is being written.
  package internal(set) var hasUnfinishedLine = false
  /// The first thousand of them.
  package internal(set) var problems: [AuditProblem] = []
  package internal(set) var problemCount = 0

  package var isIntact: Bool { problemCount == 0 }

  private enum CodingKeys: String, CodingKey {
    case intact
    case entries
    case files
    case first
    case last
    case lastHash = "last_hash"
    case erased
    case hasUnfinishedLine = "has_unfinished_line"
    case problems
    case problemCount = "problem_count"
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(isIntact, forKey: .intact)
    try container.encode(entries, forKey: .entries)
    try container.encode(files, forKey: .files)
    try container.encodeIfPresent(first, forKey: .first)
    try container.encodeIfPresent(last, forKey: .last)
    try container.encodeIfPresent(lastHash, forKey: .lastHash)
    try container.encode(erased, forKey: .erased)
    try container.encode(hasUnfinishedLine, forKey: .hasUnfinishedLine)
    try container.encode(problems, forKey: .problems)
    try container.encode(problemCount, forKey: .problemCount)
  }

  mutating func note(_ problem: AuditProblem) {
    problemCount += 1
    if problems.count < Self.mostProblems { problems.append(problem) }
  }
}
