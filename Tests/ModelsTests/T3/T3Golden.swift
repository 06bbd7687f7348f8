import Models
import Tensor

/// A file of `tools/reference/chatterbox/t3_golden.py`: what the reference made of one text.
struct T3Golden {
  let textTokens: [Int32]
  let condition: T3Condition
  /// What the reference chose, greedily; a stop token is left out.
  let speechTokens: [Int32]
  /// Whether the reference ended with a stop token.
  let stops: Bool
  /// Every `stride`-th logit, a row a sequence, a list of rows a step.
  let logits: [[[Float]]]
  let stride: Int
  let alignedHeads: [AlignedHead]

  init(_ file: Checkpoint) throws {
    textTokens = try file.integers("text_tokens")
    condition = T3Condition(
      speakerEmbedding: try file.tensor("speaker").values, promptTokens: try file.integers("prompt"),
      exaggeration: try file.tensor("exaggeration").values[0])
    let tokens = try file.integers("speech_tokens")
    stops = tokens.last == 6562
    speechTokens = stops ? Array(tokens.dropLast()) : tokens
    let stored = try file.tensor("logits")
    let (rows, columns) = (stored.shape[1], stored.shape[2])
    logits = (0..<stored.shape[0]).map { step in
      (0..<rows).map { row in
        let first = (step * rows + row) * columns
        return Array(stored.values[first..<first + columns])
      }
    }
    stride = Int(try file.integers("stride")[0])
    let heads = try file.integers("aligned_heads").map(Int.init)
    alignedHeads = (0..<heads.count / 2).map { AlignedHead(layer: heads[2 * $0], head: heads[2 * $0 + 1]) }
  }

  /// The reference's sampling of a model, but greedy.
  static func sampling(_ model: String) -> T3Sampling {
    var sampling: T3Sampling =
      switch model {
      case "standard": .standard
      case "multilingual": .multilingual
      default: .turbo
      }
    sampling.isGreedy = true
    return sampling
  }
}

/// The cosine of the angle between two vectors: 1 when one is a multiple of the other.
func cosine(_ a: [Float], _ b: [Float]) -> Double {
  var (product, lengths) = (0.0, (0.0, 0.0))
  for (x, y) in zip(a, b) {
    product += Double(x) * Double(y)
    lengths.0 += Double(x) * Double(x)
    lengths.1 += Double(y) * Double(y)
  }
  return product / (lengths.0 * lengths.1).squareRoot()
}

/// Every `stride`-th element.
func thinned(_ values: [Float], _ stride: Int) -> [Float] {
  Swift.stride(from: 0, to: values.count, by: stride).map { values[$0] }
}
