internal import Foundation

/// Normal noise that a seed reproduces on every platform.
///
/// Source: Box and Muller, "A Note on the Generation of Random Normal Deviates", 1958.
public struct GaussianNoise: Sendable {
  private var uniform: SeededUniform
  private var spare: Float?

  /// Noise of a seed; equal seeds give equal noise.
  public init(seed: UInt64) {
    uniform = SeededUniform(seed: seed)
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
    let radius = (-2 * log(1 - uniform.next())).squareRoot()
    let angle = 2 * Double.pi * uniform.next()
    spare = Float(radius * sin(angle))
    return Float(radius * cos(angle))
  }
}
