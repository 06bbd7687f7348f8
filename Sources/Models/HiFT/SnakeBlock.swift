internal import Tensor

/// x + sin²(αx) / α, with an α of its own for every channel.
///
/// Source: Ziyin et al., "Neural Networks Fail to Learn Periodic Functions and How to Fix It", 2020.
struct Snake {
  private let alpha: Tensor
  private let inverse: Tensor

  init(_ reader: CheckpointReader) throws(TensorError) {
    let shape = try reader.shape("alpha")
    let alpha = try reader.host("alpha", shape)
    self.alpha = try reader.tensor("alpha", shape)
    inverse = reader.weights.add(
      reader.key("alpha.inverse"), shape: shape, alpha.values.map { 1 / ($0 + 1e-9) })
  }

  func callAsFunction(_ input: Tensor) -> Tensor {
    input + (input * alpha).sine().squared() * inverse
  }
}

/// Dilated convolutions around residuals, with Snake before each.
///
/// Source: `ResBlock` in the reference's `s3gen/hifigan.py`.
struct SnakeBlock {
  private static let dilations = [1, 3, 5]

  private struct Step {
    let first: Snake
    let dilated: Convolution
    let second: Snake
    let plain: Convolution
  }

  private let steps: [Step]

  init(_ reader: CheckpointReader) throws(TensorError) {
    var steps: [Step] = []
    for (index, dilation) in Self.dilations.enumerated() {
      steps.append(
        Step(
          first: try Snake(reader["activations1"][index]),
          dilated: try reader["convs1"][index].convolution(.init(dilation: dilation)),
          second: try Snake(reader["activations2"][index]),
          plain: try reader["convs2"][index].convolution()))
    }
    self.steps = steps
  }

  func callAsFunction(_ input: Tensor) -> Tensor {
    steps.reduce(input) { input, step in
      step.second(step.first(input).convolved(step.dilated)).convolved(step.plain, adding: input)
    }
  }
}
