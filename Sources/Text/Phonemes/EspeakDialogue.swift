/// How several pieces of text go through one run of espeak-ng and come back apart.
///
/// It speaks each line by itself and writes a line for each clause that it finds, so a blank line
/// after each piece, which comes back as a blank line, tells the pieces apart.
enum EspeakDialogue {
  /// The standard input that asks for the phonemes of each request.
  static func input(for requests: [String]) -> String {
    requests.map { EspeakText.lines(of: $0).joined(separator: "\n") + "\n\n" }.joined()
  }

  /// The phonemes of each request.
  static func answers(in output: String) -> [String] {
    var answers: [String] = []
    var lines: [Substring] = []
    for line in output.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
      let phonemes = line.drop(while: \.isWhitespace)
      if !phonemes.isEmpty {
        lines.append(phonemes)
      } else {
        answers.append(withoutFlags(lines.joined(separator: " ")))
        lines = []
      }
    }
    if !lines.isEmpty { answers.append(withoutFlags(lines.joined(separator: " "))) }
    return answers
  }

  /// Drops the flags around words of another language: `(en)` and `(ko)`.
  private static func withoutFlags(_ phonemes: String) -> String {
    var rest = phonemes[...]
    var plain = ""
    while let opening = rest.firstIndex(of: "("), let closing = rest[opening...].firstIndex(of: ")") {
      plain += rest[..<opening]
      rest = rest[closing...].dropFirst()
    }
    return plain + rest
  }
}
