/// Finds what a misspelt name was meant to be, for "did you mean" in error messages.
package enum Spelling {
  /// Names longer than this are compared by their beginnings, so that a hostile one costs nothing.
  private static let longestName = 64

  /// The candidate nearest to a name, or `nil` when none is near enough to suggest.
  ///
  /// Near is one slip for every three letters: a letter wrong, missing, too many, or two swapped.
  /// Case does not count. Of equally near candidates the first wins.
  package static func nearest(to name: String, among candidates: some Sequence<String>) -> String? {
    let wanted = letters(of: name)
    guard !wanted.isEmpty else { return nil }
    var nearest: String?
    var leastSlips = wanted.count / 3 + 1
    for candidate in candidates {
      let slips = distance(from: wanted, to: letters(of: candidate), below: leastSlips)
      if slips < leastSlips {
        nearest = candidate
        leastSlips = slips
      }
    }
    return nearest
  }

  private static func letters(of name: String) -> [Character] {
    Array(name.prefix(longestName).lowercased())
  }

  /// The optimal string alignment distance, or any number of at least `limit` when it reaches that.
  private static func distance(
    from source: [Character], to target: [Character], below limit: Int
  ) -> Int {
    guard abs(source.count - target.count) < limit else { return limit }
    var beforeLast = [Int](repeating: 0, count: target.count + 1)
    var last = Array(0...target.count)
    for row in source.indices {
      var current = [row + 1]
      for column in target.indices {
        let replaced = last[column] + (source[row] == target[column] ? 0 : 1)
        var slips = min(last[column + 1] + 1, current[column] + 1, replaced)
        if row > 0, column > 0, source[row] == target[column - 1], source[row - 1] == target[column] {
          slips = min(slips, beforeLast[column - 1] + 1)
        }
        current.append(slips)
      }
      if current.allSatisfy({ $0 >= limit }) { return limit }
      (beforeLast, last) = (last, current)
    }
    return last[target.count]
  }
}
