import Foundation

/// Turns text into the phonemes of a Piper voice, by espeak-ng's rules.
///
/// The phonemes are IPA, decomposed (NFD) because the voices were trained so, with the text's marks
/// kept in place. espeak-ng drops the marks, so each clause goes to it alone and gets its mark back.
package struct EspeakPhonemizer: Sendable {
  private let voice: String
  private let language: Language
  private let program: SpareProgram

  private static let outputLimit = 4 << 20

  /// Creates a phonemizer.
  /// - Parameters:
  ///   - voice: A voice of espeak-ng, such as `en-us`. A Piper voice's configuration names it.
  ///   - program: The program's name on the `PATH`.
  package init(voice: String, program: String = "espeak-ng") {
    self.voice = voice
    language = Language(espeakVoice: voice) ?? .english
    self.program = SpareProgram(
      Program(name: program), ["-q", "--ipa", "-b", "1", "-v", voice], outputLimit: Self.outputLimit)
  }

  /// Starts espeak-ng ahead, so that the first phonemes do not wait for that.
  package func prepare() { program.prepare() }

  /// The phonemes of some runs, such as `həlˈoʊ, wˈɜːld.`; empty when nothing in them is spoken.
  package func phonemes(of runs: [SpokenRun]) async throws(EspeakError) -> String {
    let clauses = Clause.clauses(of: runs, language: language)
    let requests = clauses.flatMap(Self.requests)
    var answers = try await answers(to: requests)[...]
    var phonemes = ""
    for clause in clauses {
      if !phonemes.isEmpty { phonemes += " " }
      for (index, part) in clause.parts.enumerated() {
        if part.isSpaced, index > 0 { phonemes += " " }
        switch part.content {
        case .ipa(let ipa): phonemes += ipa
        case .words: phonemes += answers.popFirst() ?? ""
        }
      }
      if let mark = clause.mark { phonemes.append(mark) }
    }
    return phonemes.decomposedStringWithCanonicalMapping
  }

  /// The words of a clause, one request a part. The last has the mark, which bears on how it is said.
  private static func requests(for clause: Clause) -> [String] {
    clause.parts.enumerated().compactMap { index, part in
      guard case .words(let words) = part.content else { return nil }
      return index == clause.parts.count - 1 ? words + (clause.mark.map(String.init) ?? "") : words
    }
  }

  /// Asks for all at once; should the program part them otherwise than we do, for one at a time.
  private func answers(to requests: [String]) async throws(EspeakError) -> [String] {
    guard !requests.isEmpty else { return [] }
    let answers = EspeakDialogue.answers(in: try await run(EspeakDialogue.input(for: requests)))
    if answers.count == requests.count { return answers }
    var single: [String] = []
    for request in requests {
      let output = try await run(EspeakDialogue.input(for: [request]))
      single.append(EspeakDialogue.answers(in: output).joined(separator: " "))
    }
    return single
  }

  private func run(_ input: String) async throws(EspeakError) -> String {
    do {
      return String(decoding: try await program.run(input), as: UTF8.self)
    } catch {
      throw EspeakError(error)
    }
  }
}

extension Language {
  /// The language of a voice of espeak-ng: `en-us`, `nb`, `cmn`.
  fileprivate init?(espeakVoice voice: String) {
    let code = voice.lowercased().prefix { $0.isLetter }
    guard let match = Self.allCases.first(where: { $0.code == code || $0.espeakVoice == code }) else {
      return nil
    }
    self = match
  }
}
