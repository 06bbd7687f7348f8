/// Spells kanji in hiragana and leaves everything else as it is, but for the reference's own quirks.
///
/// The reference splits a text with pykakasi 2.3 into runs of one script and spells the runs that have
/// kanji. Two of pykakasi's habits show in the tokens, so they are kept: before a character that belongs to
/// no script it knows (a combining accent, an emoji) the run so far is written and not forgotten,
/// so it comes again with the next one; and characters from U+F000 vanish.
/// Source: `hiragana_normalize` in the reference's `tokenizer.py`; `Kakasi.convert` in pykakasi.
struct KanaSpelling {
  /// A part of a Japanese text.
  enum Part: Hashable, Sendable {
    case character(Unicode.Scalar)
    /// A word with kanji, in hiragana.
    case word([Unicode.Scalar])
  }

  private enum Script {
    case kanji, katakana, hiragana, latin, symbol
  }

  private var spelled: [Unicode.Scalar] = []
  private var run: [Unicode.Scalar] = []
  private var script = Script.kanji
  private var skipsNext = false
  /// Where the reference's repetitions end: a text of accented letters would grow with its square.
  private let repetitionLimit: Int

  /// The text that the parts spell, and whether characters are lost that look like kanji.
  static func spell(_ parts: [Part]) -> (text: [Unicode.Scalar], losesKanji: Bool) {
    var spelling = KanaSpelling(repetitionLimit: 8 * parts.count + 4096)
    var losesKanji = false
    for part in parts {
      switch part {
      case .word(let hiragana): spelling.add(word: hiragana)
      case .character where spelling.skipsNext: spelling.skipsNext = false
      case .character(let scalar):
        losesKanji = losesKanji || isKanji(scalar)
        spelling.add(scalar)
      }
    }
    spelling.write()
    return (spelling.spelled, losesKanji)
  }

  /// The characters that the reference takes for kanji.
  static func isKanji(_ scalar: Unicode.Scalar) -> Bool {
    (0x4E00...0x9FFF).contains(scalar.value)
  }

  private mutating func write() {
    spelled += run
  }

  /// Writes the run so far; the next one repeats it.
  private mutating func writeAndKeep() {
    write()
    if spelled.count > repetitionLimit { run = [] }
  }

  private mutating func begin(_ scalars: [Unicode.Scalar], _ newScript: Script) {
    write()
    run = scalars
    script = newScript
  }

  /// Such a word could be taken for a particle at its beginning, so a space comes before it.
  private mutating func add(word: [Unicode.Scalar]) {
    skipsNext = false
    let needsSpace = word.first == "は" || word.first == "へ"
    begin((needsSpace ? [" "] : []) + word, .kanji)
  }

  private mutating func add(_ scalar: Unicode.Scalar) {
    switch scalar.value {
    case _ where ")]!,.、。？０＞＜".unicodeScalars.contains(scalar): begin([scalar], .symbol)
    case 0x30FC, 0x2015, 0x2212, 0xFF70: run.append(scalar)
    case 0x30A1...0x30FC, 0xFF66...0xFF9E, 0x1B164...0x1B167: extend(.katakana, scalar)
    case 0x3041...0x3096, 0x1B150...0x1B152: extend(.hiragana, scalar)
    case 0x20...0x7E: extend(.latin, scalar)
    case _ where Self.isSymbol(scalar): addSymbol(scalar)
    case 0x3400..<0xE000: lose(scalar)
    case 0xF000...0xFFFD, 0x10000...0x10FFFD:
      script = .symbol
      writeAndKeep()
    default:
      writeAndKeep()
      spelled.append(scalar)
    }
  }

  private mutating func extend(_ newScript: Script, _ scalar: Unicode.Scalar) {
    if script == newScript {
      run.append(scalar)
    } else {
      begin([scalar], newScript)
    }
  }

  private mutating func addSymbol(_ scalar: Unicode.Scalar) {
    guard script == .symbol else { return begin([scalar], .symbol) }
    write()
    spelled.append(scalar)
    run = []
  }

  /// A character that pykakasi has no reading for: kanji vanish, and so does what comes next.
  private mutating func lose(_ scalar: Unicode.Scalar) {
    write()
    if !Self.isKanji(scalar) { spelled.append(scalar) }
    run = []
    script = .kanji
    skipsNext = true
  }

  /// Greek was meant to end at U+03A9; a slip makes symbols of all that follows, up to katakana.
  private static func isSymbol(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0xA1...0xFF, 0x391...0x30A1, 0xFF01...0xFF1A, 0xFF20...0xFF5E:
      true
    default: false
    }
  }
}
