/// What a rule puts in the place of the tokens it has read.
struct Rewrite: Sendable {
  /// The words to say. A stop or comma goes to the word before; nothing drops the tokens.
  let words: String
  /// The index of the first token that was not read.
  let end: Int
}

/// Reads tokens from an index on, and rewrites them if they are what the rule is for.
///
/// A rule looks only as far as it reads, or stops at what it would reject, so that a text is
/// normalised in time linear in its length.
typealias Rule = @Sendable (_ tokens: EnglishTokens, _ index: Int) -> Rewrite?
