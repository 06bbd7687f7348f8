/// Random numbers that `tools/reference/chatterbox/portable_random.py` makes, too, bit for bit.
///
/// Value i of a sequence is the top 24 bits of SplitMix64's output i, seeded with the FNV-1a hash of a name.
enum PortableRandom {
  /// `count` values of `mean ± halfWidth`.
  static func uniform(_ name: String, count: Int, mean: Float, halfWidth: Float) -> [Float] {
    let seed = seed(of: name)
    return [Float](unsafeUninitializedCapacity: count) { values, initialized in
      for index in 0..<count {
        values[index] = signedUnit(seed, UInt64(index + 1)) * halfWidth + mean
      }
      initialized = count
    }
  }

  /// `count` values of noise with mean 0 and deviation 1.
  static func gaussian(_ name: String, count: Int) -> [Float] {
    let seeds = (0..<3).map { seed(of: "\(name)/\($0)") }
    return (1...UInt64(count)).map { index in
      signedUnit(seeds[0], index) + signedUnit(seeds[1], index) + signedUnit(seeds[2], index)
    }
  }

  static func seed(of name: String) -> UInt64 {
    name.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
  }

  /// Output `index`, counted from 1, as a number in -1 ..< 1.
  private static func signedUnit(_ seed: UInt64, _ index: UInt64) -> Float {
    var state = seed &+ index &* 0x9E37_79B9_7F4A_7C15
    state = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
    state = (state ^ (state >> 27)) &* 0x94D0_49BB_1331_11EB
    state ^= state >> 31
    return Float(state >> 40) * 0x1p-23 - 1
  }
}
