import Chatterbox

/// SplitMix64: the same numbers on every run.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

/// White noise, never quite silent.
func noise(_ count: Int, amplitude: Float = 0.5, seed: UInt64 = 1) -> [Float] {
  var generator = SeededGenerator(seed: seed)
  return (0..<count).map { _ in
    Float.random(in: 0.1 * amplitude...amplitude, using: &generator)
      * (Bool.random(using: &generator) ? 1 : -1)
  }
}

/// Zeros.
func silence(_ count: Int) -> [Float] { [Float](repeating: 0, count: count) }

/// Cuts samples into pieces of uneven, reproducible lengths, some of them empty.
func pieces(of samples: [Float], upTo longest: Int, seed: UInt64 = 7) -> [[Float]] {
  var generator = SeededGenerator(seed: seed)
  var pieces: [[Float]] = []
  var rest = samples[...]
  while !rest.isEmpty {
    let piece = rest.prefix(Int.random(in: 0...longest, using: &generator))
    pieces.append(Array(piece))
    rest = rest.dropFirst(piece.count)
  }
  return pieces
}

extension [Float] {
  /// The lengths of the runs of exact zeros that are at least this long.
  func zeroRuns(atLeast shortest: Int) -> [Int] {
    split(omittingEmptySubsequences: true) { $0 != 0 }.map(\.count).filter { $0 >= shortest }
  }

  /// The root of the mean square.
  var level: Float {
    (reduce(0) { $0 + $1 * $1 } / Float(Swift.max(1, count))).squareRoot()
  }
}

extension SpeechStream {
  /// Every chunk.
  var allChunks: [AudioChunk] {
    get async throws { try await reduce(into: []) { $0.append($1) } }
  }
}
