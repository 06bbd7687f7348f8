import Foundation

/// A sine of `seconds` at a frequency and a rate in Hz.
func sine(
  _ frequency: Double, seconds: Double, sampleRate: Int, amplitude: Double = 0.5
) -> [Float] {
  (0..<Int((seconds * Double(sampleRate)).rounded())).map {
    Float(amplitude * sin(2 * .pi * frequency * Double($0) / Double(sampleRate)))
  }
}

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

/// White noise in −amplitude…amplitude.
func noise(_ count: Int, amplitude: Float = 0.5, seed: UInt64 = 1) -> [Float] {
  var generator = SeededGenerator(seed: seed)
  return (0..<count).map { _ in Float.random(in: -amplitude...amplitude, using: &generator) }
}

/// How far a signal is from what was expected, in dB; over the samples that both have.
func signalToNoise(_ actual: ArraySlice<Float>, expected: ArraySlice<Float>) -> Double {
  var signal = 0.0
  var error = 0.0
  for (actual, expected) in zip(actual, expected) {
    signal += Double(expected) * Double(expected)
    error += (Double(actual) - Double(expected)) * (Double(actual) - Double(expected))
  }
  return 10 * log10(signal / max(error, .leastNormalMagnitude))
}

/// The pitch in Hz: the lag, between 50 and 500 Hz, at which a signal is most like itself.
func pitch(of samples: ArraySlice<Float>, sampleRate: Int) -> Double {
  let samples = Array(samples)
  let lags = (sampleRate / 500)...(sampleRate / 50)
  func similarity(_ lag: Int) -> Float {
    var product: Float = 0
    var energy: Float = 0
    for index in 0..<samples.count - lag {
      product += samples[index] * samples[index + lag]
      energy += samples[index + lag] * samples[index + lag]
    }
    return product / max(energy, .leastNormalMagnitude).squareRoot()
  }
  let similarities = lags.map { similarity($0) }
  // The shortest lag that is as good as the best: its multiples match just as well.
  let threshold = (similarities.max() ?? 0) * 0.98
  var best = similarities.firstIndex { $0 >= threshold } ?? 0
  while best + 1 < similarities.count, similarities[best + 1] > similarities[best] { best += 1 }
  return Double(sampleRate) / Double(lags.lowerBound + best)
}

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
