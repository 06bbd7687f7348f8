internal import Tensor

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
          first: try Self.snake(reader["activations1"][index]),
          dilated: try reader["convs1"][index].convolution(.init(dilation: dilation)),
          second: try Self.snake(reader["activations2"][index]),
          plain: try reader["convs2"][index].convolution()))
    }
    self.steps = steps
  }

  private static func snake(_ reader: CheckpointReader) throws(TensorError) -> Snake {
    reader.weights.snake(reader.key("alpha"), alpha: try reader.host("alpha").values)
  }

  func callAsFunction(_ input: Tensor) -> Tensor {
    steps.reduce(input) { input, step in
      input.convolved(step.dilated, snake: step.first)
        .convolved(step.plain, snake: step.second, adding: input)
    }
  }
}
