/// Bringing samples into range.
package enum AudioLevel {
  /// The sample within −1…1; NaN becomes 0.
  @inline(__always)
  package static func clamped(_ sample: Float) -> Float {
    let number = sample == sample ? sample : 0
    let bounded = number < 1 ? number : 1
    return bounded > -1 ? bounded : -1
  }

  /// The samples within −1…1; NaN becomes 0.
  package static func clamped(_ samples: [Float]) -> [Float] { samples.map { clamped($0) } }
}
