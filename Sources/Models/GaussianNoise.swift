internal import Foundation

/// Normal noise that a seed reproduces on every platform.
///
/// Sources: Steele et al., "Fast Splittable Pseudorandom Number Generators", 2014 (SplitMix64); Box and
/// Muller, "A Note on the Generation of Random Normal Deviates", 1958.
public struct GaussianNoise: Sendable {
  private var state: UInt64
  private var spare: Float?

  /// Noise of a seed; equal seeds give equal noise.
  public init(seed: UInt64) {
    state = seed
  }

  /// The next `count` values, of mean 0 and deviation `deviation`.
  public mutating func next(_ count: Int, deviation: Float = 1) -> [Float] {
    guard deviation != 0 else { return [Float](repeating: 0, count: count) }
    return (0..<count).map { _ in deviation * nextValue() }
  }

  private mutating func nextValue() -> Float {
    if let value = spare {
      spare = nil
      return value
    }
    // 1 − u is in (0, 1], where the logarithm is finite.
    let radius = (-2 * log(1 - nextUniform())).squareRoot()
    let angle = 2 * Double.pi * nextUniform()
    spare = Float(radius * sin(angle))
    return Float(radius * cos(angle))
  }

  private mutating func nextUniform() -> Double {
    state &+= 0x9E37_79B9_7F4A_7C15
    var bits = state
    bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
    bits ^= bits >> 31
    return Double(bits >> 11) * 0x1p-53
  }
}
