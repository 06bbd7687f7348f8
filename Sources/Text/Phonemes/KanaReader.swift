/// Spells Japanese in kana, which is all that espeak-ng can read, with the program mecab.
package struct KanaReader: Sendable {
  /// A text as espeak-ng can read it.
  package struct Reading: Hashable, Sendable {
    package let text: String
    /// Whether kanji are left, which espeak-ng will not speak: mecab is missing or does not know them.
    package let hasKanji: Bool
  }

  private let program: Program

  private static let outputLimit = 16 << 20

  /// Creates a reader.
  /// - Parameter program: The program's name on the `PATH`.
  package init(program: String = "mecab") {
    self.program = Program(name: program)
  }

  /// How a text is read. Without mecab, or when it fails, the text as it is.
  /// - Throws: `CancellationError`, and nothing else.
  package func reading(of text: String) async throws(CancellationError) -> Reading {
    guard text.unicodeScalars.contains(where: \.isHan) else { return Reading(text: text, hasKanji: false) }
    do {
      let output = try await program.run(
        ["-b", String(text.utf8.count + 2), "-F", "%M\\t%H\\n", "-U", "%M\\t\\n", "-E", "\\n"],
        input: text.replacing("\t", with: " ") + "\n", outputLimit: Self.outputLimit)
      return Self.reading(in: String(decoding: output, as: UTF8.self))
    } catch .cancelled {
      throw CancellationError()
    } catch {
      return Reading(text: text, hasKanji: true)
    }
  }

  /// Joins mecab's words, one a line: the word, a tab, its features. A blank line ends a line of text.
  private static func reading(in output: String) -> Reading {
    var text = ""
    for line in output.split(separator: "\n", omittingEmptySubsequences: false).dropLast(2) {
      guard let tab = line.firstIndex(of: "\t") else {
        text += "\n"
        continue
      }
      let word = line[..<tab]
      let features = line[tab...].dropFirst().split(separator: ",", omittingEmptySubsequences: false)
      text += word.prefix(while: \.isWhitespace)
      text += pronunciation(in: features) ?? word.drop(while: \.isWhitespace)
    }
    return Reading(text: text, hasKanji: text.unicodeScalars.contains(where: \.isHan))
  }

  /// The pronunciation among a word's features. Each dictionary has a place for it: IPAdic the ninth,
  /// Jumandic the sixth, UniDic, which has many more features, the tenth.
  private static func pronunciation(in features: [Substring]) -> Substring? {
    let place =
      switch features.count {
      case 7: 5
      case 9: 8
      case 10...: 9
      default: Int.max
      }
    guard place < features.count, features[place] != "*", !features[place].isEmpty else { return nil }
    return features[place]
  }
}
