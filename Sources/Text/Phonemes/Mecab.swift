/// The words of Japanese text, from the program mecab and its dictionary.
struct Mecab: Sendable {
  struct Word: Hashable, Sendable {
    /// The word as the text has it, with the white space before it.
    let surface: Substring
    private let features: [Substring]

    fileprivate init(surface: Substring, features: Substring) {
      self.surface = surface
      self.features = features.split(separator: ",", omittingEmptySubsequences: false)
    }

    /// How the word sounds, in kana: the particle は is ワ, a long vowel ー. `nil` for a word that the
    /// dictionary does not have.
    ///
    /// Each dictionary has a place for it: IPAdic the ninth, Jumandic the sixth, UniDic, which has many
    /// more features, the tenth.
    var pronunciation: Substring? {
      switch features.count {
      case 7: feature(5)
      case 9: feature(8)
      case 10...: feature(9)
      default: nil
      }
    }

    /// How the word is spelled in kana: IPAdic's eighth feature; elsewhere the pronunciation.
    var kana: Substring? { features.count == 9 ? feature(7) : pronunciation }

    /// Whether the word only follows others, as counters do: 二 + 杯. IPAdic's and UniDic's terms.
    var isSuffix: Bool { features.prefix(2).contains { $0 == "接尾" || $0 == "接尾辞" } }

    private func feature(_ place: Int) -> Substring? {
      features[place] == "*" || features[place].isEmpty ? nil : features[place]
    }
  }

  let program: Program

  private static let outputLimit = 16 << 20

  /// The words of each line. Tabs count as spaces.
  func lines(of text: String) async throws(ProgramError) -> [[Word]] {
    let output = try await program.run(
      ["-b", String(text.utf8.count + 2), "-F", "%M\\t%H\\n", "-U", "%M\\t\\n", "-E", "\\n"],
      input: text.replacing("\t", with: " ") + "\n", outputLimit: Self.outputLimit)
    return Self.lines(in: String(decoding: output, as: UTF8.self))
  }

  /// Reads mecab's words, one a line: the word, a tab, its features. A blank line ends a line of text.
  private static func lines(in output: String) -> [[Word]] {
    var lines: [[Word]] = [[]]
    for line in output.split(separator: "\n", omittingEmptySubsequences: false).dropLast(2) {
      if let tab = line.firstIndex(of: "\t") {
        lines[lines.count - 1].append(Word(surface: line[..<tab], features: line[tab...].dropFirst()))
      } else {
        lines.append([])
      }
    }
    return lines
  }
}
