/// Conversion between `Float` samples and 16-bit integers; full scale is 32,768 both ways.
///
/// A 16-bit sample that is decoded and encoded again comes back as the same integer.
enum PCM16 {
  private static let fullScale: Float = 32_768

  /// The nearest 16-bit integer: ties to even, values beyond full scale clamped, NaN as 0.
  ///
  /// `Int16(_: Float)` traps out of range, and that check keeps a loop from being vectorised.
  /// Adding 1.5 × 2²³ instead leaves the rounded integer in the low bits of the sum's mantissa.
  @inline(__always)
  static func encode(_ sample: Float) -> Int16 {
    var scaled = sample * fullScale
    scaled = scaled == scaled ? scaled : 0
    scaled = scaled < 32_767 ? scaled : 32_767
    scaled = scaled > -32_768 ? scaled : -32_768
    let roundingOffset: Float = 12_582_912
    return Int16(truncatingIfNeeded: (scaled + roundingOffset).bitPattern)
  }

  @inline(__always)
  static func decode(_ sample: Int16) -> Float { Float(sample) / fullScale }

  static func encode(_ samples: [Float]) -> [Int16] {
    [Int16](unsafeUninitializedCapacity: samples.count) { output, count in
      for index in 0..<samples.count { output.initializeElement(at: index, to: encode(samples[index])) }
      count = samples.count
    }
  }
}

extension AudioBuffer {
  /// Samples of 16-bit integers, the least significant byte first.
  package static func samples(ofPCM16 bytes: [UInt8]) -> [Float] {
    (0..<bytes.count / 2).map { index in
      PCM16.decode(Int16(bitPattern: UInt16(bytes[2 * index]) | UInt16(bytes[2 * index + 1]) << 8))
    }
  }
}
