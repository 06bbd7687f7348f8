import Tensor

/// A tensor's elements in plain Swift, for reference computations; up to four sizes, fastest first.
struct Values {
  let shape: [Int]
  var elements: [Float]

  init(_ shape: [Int], _ elements: [Float]) {
    precondition(elements.count == shape.reduce(1, *))
    self.shape = shape
    self.elements = elements
  }

  /// Every element made from its place.
  init(_ shape: [Int], at place: (_ indices: [Int]) -> Float) {
    self.shape = shape
    elements = []
    for index in 0..<shape.reduce(1, *) {
      var rest = index
      let indices = shape.map { size in
        defer { rest /= size }
        return rest % size
      }
      elements.append(place(indices))
    }
  }

  /// Reproducible elements in −1…1.
  static func random(_ shape: [Int], seed: UInt64 = 1) -> Values {
    Values(shape, randomFloats(shape.reduce(1, *), seed: seed))
  }

  subscript(_ indices: [Int]) -> Float {
    var offset = 0
    for (index, size) in zip(indices, shape).reversed() { offset = offset * size + index }
    return elements[offset]
  }

  /// The rows [I, T] times a weight [I, O], in doubles: [O, T].
  func times(_ weight: Values) -> Values {
    Values([weight.shape[1]] + shape.dropFirst()) { place in
      (0..<shape[0]).reduce(into: Double(0)) { sum, input in
        sum += Double(self[[input] + place.dropFirst()]) * Double(weight[[input, place[0]]])
      }.asFloat
    }
  }
}

extension Double {
  var asFloat: Float { Float(self) }
}

/// Reproducible floats in −1…1, cut out of one stream of them, since drawing them is slow in debug builds.
func randomFloats(_ count: Int, seed: UInt64 = 1) -> [Float] {
  let start = Int(seed &* 7_919 % 10_007)
  var floats: [Float] = []
  while floats.count < start + count { floats += pool }
  return Array(floats[start..<start + count])
}

private let pool: [Float] = {
  var generator = SeededGenerator(seed: 42)
  return (0..<100_003).map { _ in Float.random(in: -1...1, using: &generator) }
}()

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
