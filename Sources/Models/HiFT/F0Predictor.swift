internal import Tensor

/// HiFT's pitch: mel frames → the fundamental frequency of each, in Hz.
///
/// Source: `ConvRNNF0Predictor` in the reference's `s3gen/f0_predictor.py`.
struct F0Predictor {
  private let convolutions: [Convolution]
  private let classifier: Linear

  init(_ reader: CheckpointReader) throws(TensorError) {
    let layers = reader["condnet"]
    // Every second module is an activation without parameters.
    let count = (0..<16).prefix { layers[2 * $0].contains("bias") }.count
    var convolutions: [Convolution] = []
    for index in 0..<max(1, count) { convolutions.append(try layers[2 * index].convolution()) }
    self.convolutions = convolutions
    classifier = try reader["classifier"].linear()
  }

  /// [80, F] → [1, F].
  func callAsFunction(_ mel: Tensor) -> Tensor {
    convolutions.reduce(mel) { $0.convolved($1).elu() }.linear(classifier).magnitude()
  }
}
