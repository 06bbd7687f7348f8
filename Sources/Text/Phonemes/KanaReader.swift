/// Spells Japanese in kana, which is all that espeak-ng can read, with the program mecab.
package struct KanaReader: Sendable {
  /// A text as espeak-ng can read it.
  package struct Reading: Hashable, Sendable {
    package let text: String
    /// Whether kanji are left, which espeak-ng will not speak: mecab is missing or does not know them.
    package let hasKanji: Bool
  }

  private let mecab: Mecab

  /// Creates a reader.
  /// - Parameter program: The program's name on the `PATH`.
  package init(program: String = "mecab") {
    mecab = Mecab(program: Program(name: program))
  }

  /// How a text is read. Without mecab, or when it fails, the text as it is.
  /// - Throws: `CancellationError`, and nothing else.
  package func reading(of text: String) async throws(CancellationError) -> Reading {
    guard text.unicodeScalars.contains(where: \.isHan) else { return Reading(text: text, hasKanji: false) }
    do {
      let lines = try await mecab.lines(of: text)
      return Self.reading(of: lines)
    } catch .cancelled {
      throw CancellationError()
    } catch {
      return Reading(text: text, hasKanji: true)
    }
  }

  private static func reading(of lines: [[Mecab.Word]]) -> Reading {
    let text = lines.map { line in
      line.map { word in
        let spoken = word.pronunciation ?? word.surface.drop(while: \.isWhitespace)
        return word.surface.prefix(while: \.isWhitespace) + spoken
      }.joined()
    }.joined(separator: "\n")
    return Reading(text: text, hasKanji: text.unicodeScalars.contains(where: \.isHan))
  }
}
