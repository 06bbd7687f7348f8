package import Foundation

/// Spells Chinese characters by their Cangjie codes, which is how the multilingual model reads them.
///
/// Source: `ChineseCangjieConverter` in the reference's `tokenizer.py`.
package struct CangjieTable: Sendable {
  /// What replaces a character: `[cj_a][cj_b][cj_.]`.
  private let spellings: [Unicode.Scalar: [Unicode.Scalar]]

  /// Reads `Cangjie5_TC.json`: an array of texts, each a character, a tab, its code, and perhaps more.
  package init(contentsOf url: URL) throws(TokenizerError) {
    var codes: [Unicode.Scalar: String] = [:]
    var characters: [String: [Unicode.Scalar]] = [:]
    for node in try TokenizerFile(url).json().elements() {
      let fields = try node.string().unicodeScalars.split(separator: "\t", omittingEmptySubsequences: false)
      guard fields.count >= 2, fields[1].allSatisfy({ $0.isASCII }), fields[1].count <= 16 else {
        throw node.invalid("a character, a tab and its code")
      }
      // The reference looks up single characters only.
      guard let character = fields[0].first, fields[0].count == 1 else { continue }
      codes[character] = String(fields[1])
      characters[String(fields[1]), default: []].append(character)
    }
    var places: [Unicode.Scalar: Int] = [:]
    for (code, sharing) in characters {
      for (place, character) in sharing.enumerated() where codes[character] == code {
        places[character] = min(place, places[character] ?? place)
      }
    }
    spellings = codes.reduce(into: [:]) { spellings, entry in
      let place = places[entry.key] ?? 0
      let code = entry.value + (place > 0 ? String(place) : "")
      let tokens = code.unicodeScalars.map { "[cj_\($0)]" } + ["[cj_.]"]
      spellings[entry.key] = tokens.flatMap { Array($0.unicodeScalars) }
    }
  }

  /// The text with every character spelled that the table knows.
  func spelled(_ text: [Unicode.Scalar]) -> [Unicode.Scalar] {
    text.flatMap { scalar in
      scalar.properties.generalCategory == .otherLetter ? spellings[scalar] ?? [scalar] : [scalar]
    }
  }
}
