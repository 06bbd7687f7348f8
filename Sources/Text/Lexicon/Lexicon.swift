/// How to say words that a voice gets wrong: names, brands, terms.
///
/// In JSON and YAML: `{"en": {"nginx": "engine X", "Siobhan": "/ʃɪˈvɔːn/"}}`. A value between slashes
/// is IPA, any other a respelling. A word written all in small letters matches in any case; one with
/// capitals matches exactly. Longer phrases win over shorter ones.
public struct Lexicon: Sendable {
  /// The most entries that a lexicon may have, all languages together.
  public static let mostEntries = 10_000
  /// The most characters that a word or phrase may have.
  public static let longestWord = 100
  /// The most characters that a pronunciation may have.
  public static let longestPronunciation = 200

  private(set) var entries: [Language: [String: Pronunciation]] = [:]
  /// Follows from `entries`; made once, because every chunk of every request is looked up in it.
  private(set) var indexes: [Language: LexiconIndex] = [:]

  /// Creates an empty lexicon.
  public init() {}

  /// Creates a lexicon from words and their pronunciations by language code.
  /// - Throws: ``LexiconError`` naming the first entry that cannot be used.
  public init(_ entries: [String: [String: String]]) throws(LexiconError) {
    let count = entries.values.reduce(0) { $0 + $1.count }
    guard count <= Self.mostEntries else { throw .tooManyEntries(count) }
    for (code, words) in entries {
      guard let language = Language(rawValue: code) else { throw .unknownLanguage(code) }
      for (word, written) in words {
        let word = try Self.word(word, in: code)
        let pronunciation = try Pronunciation(written: written, for: word)
        guard self.entries[language]?[word] == nil else { throw .repeatedWord(word, language: code) }
        insert(pronunciation, for: word, in: language)
      }
    }
  }

  /// Whether there is no entry at all.
  public var isEmpty: Bool { entries.values.allSatisfy(\.isEmpty) }

  /// The entries of both lexicons; where both have a word, the other's counts.
  public func merging(_ other: Lexicon) -> Lexicon {
    if isEmpty { return other }
    var merged = self
    for (language, words) in other.entries {
      for (word, pronunciation) in words {
        merged.insert(pronunciation, for: word, in: language)
      }
    }
    return merged
  }

  private mutating func insert(_ pronunciation: Pronunciation, for word: String, in language: Language) {
    entries[language, default: [:]][word] = pronunciation
    indexes[language, default: LexiconIndex(language: language)].insert(pronunciation, for: word)
  }

  private static func word(_ written: String, in code: String) throws(LexiconError) -> String {
    let word = written.singleSpaced
    guard !word.isEmpty else { throw .emptyWord(language: code) }
    guard word.count <= longestWord else { throw .wordTooLong(String(word.prefix(20))) }
    return word
  }
}

extension Lexicon: Hashable {
  /// Whether both have the same entries.
  public static func == (left: Lexicon, right: Lexicon) -> Bool {
    left.entries == right.entries
  }

  /// Hashes the entries.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(entries)
  }
}

extension Lexicon: Codable {
  /// Reads `{"en": {"nginx": "engine X"}}` and checks it as the initializer does.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let entries = try container.decode([String: [String: String]].self)
    do {
      try self.init(entries)
    } catch {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: error.description)
    }
  }

  /// Writes the form that is read.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    let written = entries.map { ($0.key.code, $0.value.mapValues(\.written)) }
    try container.encode(Dictionary(uniqueKeysWithValues: written))
  }
}
