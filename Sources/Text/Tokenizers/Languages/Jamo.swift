/// Takes Korean syllables apart into the letters that the multilingual model reads.
///
/// Source: `korean_normalize` in the reference's `tokenizer.py`.
enum Jamo {
  private static let medials: UInt32 = 21
  /// The finals, with none as the first.
  private static let finals: UInt32 = 28

  /// The text in letters, without white space around it. Takes the block's unassigned end for syllables,
  /// as the reference does.
  static func letters(of text: [Unicode.Scalar]) -> [Unicode.Scalar] {
    Array(
      text.flatMap { scalar -> [Unicode.Scalar] in
        guard (0xAC00...0xD7AF).contains(scalar.value) else { return [scalar] }
        let index = scalar.value - 0xAC00
        let final = index % finals
        let letters = [
          0x1100 + index / (medials * finals), 0x1161 + index % (medials * finals) / finals,
          0x11A7 + final,
        ]
        return letters.prefix(final > 0 ? 3 : 2).compactMap(Unicode.Scalar.init)
      }.pythonStripped())
  }
}
