/// Text as espeak-ng may read it.
enum EspeakText {
  /// The program reads lines into a buffer of 1,000 bytes, and breaks clauses off after 800.
  private static let longestLine = 600

  /// The text without anything that espeak-ng would take for a command.
  ///
  /// Those are `[[`, which begins phonemes, and control characters, which change the voice.
  static func plain(_ text: String) -> String {
    var plain = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      if scalar.properties.generalCategory == .control {
        plain.append(" ")
      } else if scalar == "[", plain.last == "[" {
        plain.append(contentsOf: " [".unicodeScalars)
      } else {
        plain.append(scalar)
      }
    }
    return String(plain)
  }

  /// The text in lines that the program reads whole, cut at spaces where it is longer.
  static func lines(of text: String) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in plain(text).split(separator: " ") {
      for part in parts(of: word) {
        if !line.isEmpty, line.utf8.count + 1 + part.utf8.count > longestLine {
          lines.append(line)
          line = ""
        }
        line += (line.isEmpty ? "" : " ") + part
      }
    }
    if !line.isEmpty { lines.append(line) }
    return lines
  }

  private static func parts(of word: Substring) -> [String] {
    guard word.utf8.count > longestLine else { return [String(word)] }
    var parts: [String] = []
    var part = String.UnicodeScalarView()
    var length = 0
    for scalar in word.unicodeScalars {
      length += UTF8.width(scalar)
      if length > longestLine {
        parts.append(String(part))
        part = String.UnicodeScalarView()
        length = UTF8.width(scalar)
      }
      part.append(scalar)
    }
    return parts + [String(part)]
  }
}
