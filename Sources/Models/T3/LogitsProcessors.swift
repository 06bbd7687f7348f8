internal import Foundation

// What reshapes the logits before a token is chosen. −infinity stands for a token that is out.
//
// Source: `RepetitionPenaltyLogitsProcessor`, `TemperatureLogitsWarper`, `MinPLogitsWarper`,
// `TopKLogitsWarper` and `TopPLogitsWarper` in transformers' `logits_process.py`.
extension [Float] {
  /// Probabilities of logits, summing to 1.
  var softmax: [Float] {
    guard let highest = self.max(), highest > -.infinity else {
      return [Float](repeating: 0, count: count)
    }
    let powers = map { expf($0 - highest) }
    let sum = Float(powers.reduce(into: 0.0) { $0 += Double($1) })
    return powers.map { $0 / sum }
  }

  /// Makes tokens that were spoken less likely (or, below 1, likelier): once, however often they were.
  mutating func penalize(_ tokens: some Sequence<Int32>, by penalty: Float) {
    for token in Set(tokens) {
      let index = Int(token)
      self[index] = self[index] < 0 ? self[index] * penalty : self[index] / penalty
    }
  }

  /// Divides by the temperature.
  mutating func temper(_ temperature: Float) {
    for index in indices { self[index] /= temperature }
  }

  /// Keeps tokens with at least a share of the likeliest one's probability.
  mutating func keepMinimumP(_ share: Float) {
    let probabilities = softmax
    guard let likeliest = probabilities.indices.max(by: { probabilities[$0] < probabilities[$1] }) else {
      return
    }
    let least = share * probabilities[likeliest]
    for index in indices where probabilities[index] < least && index != likeliest {
      self[index] = -.infinity
    }
  }

  /// Keeps the `count` likeliest tokens, and those that equal the last of them.
  mutating func keepTopK(_ count: Int) {
    guard count < self.count else { return }
    let least = largest(count)
    for index in indices where self[index] < least { self[index] = -.infinity }
  }

  /// The `count`th largest element, by a search of its bits: sorting all takes longer than a small model.
  private func largest(_ count: Int) -> Float {
    // Floats in an order that integers have as well.
    let keys = map { value -> UInt32 in
      let bits = value.bitPattern
      return bits >> 31 == 1 ? ~bits : bits | 1 << 31
    }
    var threshold: UInt32 = 0
    for bit in (0..<32).reversed() {
      let candidate = threshold | 1 << UInt32(bit)
      if keys.count(where: { $0 >= candidate }) >= count { threshold = candidate }
    }
    return Float(bitPattern: threshold >> 31 == 1 ? threshold ^ 1 << 31 : ~threshold)
  }

  /// Keeps the likeliest tokens that together reach a probability, at least one.
  mutating func keepTopP(_ share: Float) {
    // What is out already has no probability.
    let order = indices.filter { self[$0] > -.infinity }.sorted { (self[$0], $0) < (self[$1], $1) }
    let probabilities = order.map { self[$0] }.softmax
    var sum = 0.0
    for (place, index) in order.dropLast().enumerated() {
      sum += Double(probabilities[place])
      if Float(sum) > 1 - share { break }
      self[index] = -.infinity
    }
  }
}
