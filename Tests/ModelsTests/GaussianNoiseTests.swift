import Models
import Testing

@Suite("GaussianNoise")
struct GaussianNoiseTests {
  /// Computed by SplitMix64 and Box and Muller's formula in Python.
  static let pins: [(seed: UInt64, values: [Float])] = [
    (0, [-1.88390839, 0.864506841, 0.227607936, -0.0421126857, -0.221437886]),
    (1, [-0.0342673212, -1.2926085, -2.50006747, 0.911466599, 0.0877224654]),
    (42, [0.882248878, 1.38847327, -0.450849861, 0.670716465, 0.18835263]),
    (.max, [1.80689597, -1.10574985, -0.629715264, 0.314727753, 0.707068384]),
  ]

  @Test("a seed gives the same values everywhere", arguments: pins)
  func pinned(seed: UInt64, values: [Float]) {
    var noise = GaussianNoise(seed: seed)
    #expect(noise.next(values.count) == values)
  }

  @Test("values are the same however they are asked for")
  func pieces() {
    var (whole, piecewise) = (GaussianNoise(seed: 3), GaussianNoise(seed: 3))
    let values = whole.next(100)
    #expect([0, 1, 2, 0, 7, 90].flatMap { piecewise.next($0) } == values)
  }

  @Test("the mean is 0, the deviation 1 or as asked, and the tails are a normal distribution's")
  func distribution() {
    let count = 20_000
    for deviation: Float in [1, 0.667, 3] {
      var noise = GaussianNoise(seed: 7)
      let values = noise.next(count, deviation: deviation).map { Double($0 / deviation) }
      let mean = values.reduce(0, +) / Double(count)
      let variance = values.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / Double(count)
      #expect(abs(mean) < 0.03)
      #expect(abs(variance - 1) < 0.05)
      // 68.3 % lie within one deviation, 95.4 % within two.
      #expect(abs(Double(values.count { abs($0) < 1 }) / Double(count) - 0.683) < 0.015)
      #expect(abs(Double(values.count { abs($0) < 2 }) / Double(count) - 0.954) < 0.01)
      #expect(values.allSatisfy { $0.isFinite })
    }
  }

  @Test("neighbouring values and neighbouring seeds have nothing to do with each other")
  func independence() {
    var (a, b) = (GaussianNoise(seed: 1), GaussianNoise(seed: 2))
    let (first, second) = (a.next(10_000), b.next(10_000))
    let acrossSeeds = zip(first, second).map { $0 * $1 }.reduce(0, +) / 10_000
    let acrossTime = zip(first, first.dropFirst()).map { $0 * $1 }.reduce(0, +) / 10_000
    #expect(abs(acrossSeeds) < 0.05)
    #expect(abs(acrossTime) < 0.05)
  }

  @Test("a deviation of 0 gives zeros")
  func silent() {
    var noise = GaussianNoise(seed: 1)
    #expect(noise.next(3, deviation: 0) == [0, 0, 0])
    #expect(noise.next(0).isEmpty)
  }
}
