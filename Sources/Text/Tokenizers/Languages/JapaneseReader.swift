import Foundation

/// Spells Japanese for the multilingual model: kanji in hiragana, katakana as they are.
///
/// The reference asks pykakasi's dictionary, we mecab's: kana-only text comes out the same, kanji now and
/// then have another reading, mostly where the context makes mecab's the better one.
struct JapaneseReader: Sendable {
  let mecab: Mecab

  /// The text in kana, and what it had to do without.
  /// - Parameter text: In NFKD.
  func reading(
    of text: [Unicode.Scalar]
  ) async throws(CancellationError) -> (text: [Unicode.Scalar], warnings: [TokenizerWarning]) {
    guard text.contains(where: \.isHan) else {
      return (KanaSpelling.spell(text.map { .character($0) }).text, [])
    }
    guard let parts = try await parts(of: text) else { return (text, [.kanjiNotRead]) }
    let (spelled, losesKanji) = KanaSpelling.spell(parts)
    return (spelled, losesKanji ? [.unknownKanji] : [])
  }

  /// The text's words with kanji in hiragana, all else as it is; `nil` when mecab cannot say.
  private func parts(of text: [Unicode.Scalar]) async throws(CancellationError) -> [KanaSpelling.Part]? {
    let composed = Self.voiced(text)
    // One line, in which a control character cannot end anything: places stay as they are.
    let line = String(
      composed.map { $0.isSpace || $0.properties.generalCategory == .control ? " " : $0 })
    let words: [Mecab.Word]
    do {
      words = try await mecab.lines(of: line).flatMap { $0 }
    } catch .cancelled {
      throw CancellationError()
    } catch {
      return nil
    }
    var rest = composed[...]
    var parts: [KanaSpelling.Part] = []
    for word in words {
      let new = Self.parts(of: word, as: rest.prefix(word.surface.unicodeScalars.count))
      if word.isSuffix, case .word(let suffix) = new.first, case .word(let stem) = parts.last {
        parts[parts.count - 1] = .word(stem + suffix)
      } else {
        parts += new
      }
      rest = rest.dropFirst(word.surface.unicodeScalars.count)
    }
    guard rest.allSatisfy(\.isSpace) else { return nil }
    return parts + rest.map { .character($0) }
  }

  private static func parts(of word: Mecab.Word, as text: ArraySlice<Unicode.Scalar>) -> [KanaSpelling.Part] {
    guard let kana = word.kana, text.contains(where: KanaSpelling.isKanji) else {
      return characters(of: text)
    }
    return characters(of: text.prefix(while: \.isSpace)) + [.word(hiragana(kana))]
  }

  /// Characters are told apart as the reference sees them, decomposed.
  private static func characters(of text: ArraySlice<Unicode.Scalar>) -> [KanaSpelling.Part] {
    Array(text).compatibilityDecomposed().map { .character($0) }
  }

  /// The text with every kana and its voicing mark as one character, which mecab's dictionary asks for.
  private static func voiced(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
    text.reduce(into: []) { voiced, scalar in
      if scalar.value == 0x3099 || scalar.value == 0x309A, let kana = voiced.last {
        let pair = String([kana, scalar]).precomposedStringWithCanonicalMapping.unicodeScalars
        voiced.removeLast()
        voiced += pair
      } else {
        voiced.append(scalar)
      }
    }
  }

  private static func hiragana(_ kana: Substring) -> [Unicode.Scalar] {
    kana.unicodeScalars.map { scalar in
      (0x30A1...0x30F6).contains(scalar.value) ? Unicode.Scalar(scalar.value - 0x60) ?? scalar : scalar
    }
  }
}
