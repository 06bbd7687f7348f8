import Tensor
import Testing

@testable import Models

@Suite("AlignmentAnalyzer")
struct AlignmentAnalyzerTests {
  static let cases = ["steady", "lingering", "back", "jumping", "short", "stammer"]

  @Test("it holds the stop token back and forces it where the reference does", arguments: cases)
  func reference(name: String) throws {
    let file = try SmallT3.fixture("t3_alignment")
    let text = try file.integers("\(name).text").map(Int.init)
    let tokens = try file.integers("\(name).tokens")
    let maps = try file.tensor("\(name).maps")
    let expected = try file.tensor("\(name).logits").values
    let (rows, keys) = (maps.shape[1], maps.shape[2])
    // The fixture keeps the first pass's last two rows: its start tokens'.
    #expect(rows == tokens.count + 1)
    var analyzer = AlignmentAnalyzer(text: text[0]..<text[1], stopToken: 9)
    for (frame, token) in tokens.enumerated() {
      let range = frame == 0 ? 0..<2 : frame + 1..<frame + 2
      let padding = [Float](repeating: 0, count: frame == 0 ? (text[1] - text[0]) * keys : 0)
      let pass = T3Pass(
        logits: [],
        alignments: (0..<3).map { head in
          padding
            + maps.values[(head * rows + range.lowerBound) * keys..<(head * rows + range.upperBound) * keys]
        }, keys: keys)
      var logits = [Float](repeating: 1, count: 12)
      analyzer.check(&logits, pass, after: token)
      #expect(logits == Array(expected[frame * 12..<frame * 12 + 12]), "frame \(frame)")
    }
  }

  @Test("the cases above cover all it does")
  func coverage() throws {
    let file = try SmallT3.fixture("t3_alignment")
    let forced = try Self.cases.filter { name in
      try file.tensor("\(name).logits").values.contains(32768)
    }
    #expect(forced == ["lingering", "back", "short", "stammer"])
  }
}

@Suite("RepetitionGuard")
struct RepetitionGuardTests {
  private func length(of cycle: [Int32], before: [Int32] = []) -> Int? {
    var guardian = RepetitionGuard()
    var tokens: [Int32] = []
    for token in before + (0..<1000).map({ cycle[$0 % cycle.count] }) {
      tokens.append(token)
      if guardian.isCircling(tokens) { return tokens.count }
    }
    return nil
  }

  @Test("it ends a speech that repeats a short cycle for four seconds")
  func cycles() {
    #expect(length(of: [5]) == 101)
    #expect(length(of: [1, 2, 3]) == 103)
    #expect(length(of: [1, 2, 3], before: Array(10..<90)) == 183)
  }

  @Test("it lets longer cycles and interrupted ones be")
  func others() {
    #expect(length(of: Array(0..<9)) == nil)
    #expect(length(of: [Int32](repeating: 5, count: 100) + [6]) == nil)
  }
}
