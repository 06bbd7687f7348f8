/// Which entries, written as `3-5,9`: an erasure can be of very many.
package struct AuditRanges: Hashable, Sendable {
  private(set) var ranges: [ClosedRange<Int>] = []

  init() {}

  init(_ ranges: [ClosedRange<Int>]) {
    for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if let last = self.ranges.last,
        range.lowerBound <= last.upperBound || range.lowerBound == last.upperBound + 1
      {
        let upper = max(last.upperBound, range.upperBound)
        self.ranges[self.ranges.count - 1] = last.lowerBound...upper
      } else {
        self.ranges.append(range)
      }
    }
  }

  init?(text: String) {
    var parsed: [ClosedRange<Int>] = []
    for part in text.split(separator: ",") {
      let ends = part.split(separator: "-").map { Int($0) }
      guard let lower = ends.first ?? nil, let upper = ends.last ?? nil, ends.count <= 2, lower <= upper,
        AuditEntry.sequences.contains(lower), AuditEntry.sequences.contains(upper)
      else {
        return nil
      }
      parsed.append(lower...upper)
    }
    self.init(parsed)
  }

  var text: String {
    ranges.map { $0.lowerBound == $0.upperBound ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }
      .joined(separator: ",")
  }

  var count: Int { ranges.reduce(0) { $0 + $1.count } }

  /// Adds an entry that comes after all the others.
  mutating func append(_ sequence: Int) {
    if let last = ranges.last, last.upperBound < sequence, last.upperBound + 1 == sequence {
      ranges[ranges.count - 1] = last.lowerBound...sequence
    } else {
      ranges.append(sequence...sequence)
    }
  }

  func contains(_ sequence: Int) -> Bool {
    var (low, high) = (0, ranges.count)
    while low < high {
      let middle = (low + high) / 2
      if ranges[middle].contains(sequence) { return true }
      if ranges[middle].upperBound < sequence { low = middle + 1 } else { high = middle }
    }
    return false
  }

  /// Pieces that each fit a line.
  func pieces(of size: Int) -> [AuditRanges] {
    stride(from: 0, to: ranges.count, by: size).map {
      AuditRanges(Array(ranges[$0..<min($0 + size, ranges.count)]))
    }
  }
}
