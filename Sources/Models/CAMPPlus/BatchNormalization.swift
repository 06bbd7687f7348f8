internal import Tensor

/// `nn.BatchNorm` as it is after training: a factor and a summand a channel.
struct BatchNormalization {
  let scale: [Float]
  let shift: [Float]

  /// - Parameters:
  ///   - reader: of the module; without its own weight and bias these are 1 and 0.
  ///   - channels: what it normalises.
  init(_ reader: CheckpointReader, _ channels: Int) throws(TensorError) {
    let mean = try reader.host("running_mean", [channels]).values
    let variance = try reader.host("running_var", [channels]).values
    let isAffine = reader.contains("weight")
    let weight = isAffine ? try reader.host("weight", [channels]).values : nil
    let bias = isAffine ? try reader.host("bias", [channels]).values : nil
    let scale = (0..<channels).map { (weight?[$0] ?? 1) / (variance[$0] + 1e-5).squareRoot() }
    self.scale = scale
    shift = (0..<channels).map { (bias?[$0] ?? 0) - mean[$0] * scale[$0] }
  }

  /// Has a convolution without bias, [O, …], normalise what comes out of it.
  func fold(into weight: inout HostTensor, _ bias: inout HostTensor?) {
    let columns = weight.values.count / scale.count
    for index in weight.values.indices { weight.values[index] *= scale[index / columns] }
    bias = HostTensor(shape: [shift.count], values: shift)
  }
}

/// A batch normalisation and the ReLU behind it, before a layer that neither can be folded into.
struct NormalizedReLU {
  private let scale: Tensor
  private let shift: Tensor

  init(_ reader: CheckpointReader, _ channels: Int) throws(TensorError) {
    let norm = try BatchNormalization(reader["batchnorm"], channels)
    scale = reader.weights.add(reader.key("scale"), shape: [channels], norm.scale)
    shift = reader.weights.add(reader.key("shift"), shape: [channels], norm.shift)
  }

  /// Rows [C, T] → [C, T].
  func callAsFunction(_ input: Tensor) -> Tensor { (input * scale + shift).relu() }

  /// A convolution of the normalised rows.
  func callAsFunction(_ input: Tensor, then convolution: Convolution) -> Tensor {
    (input * scale + shift).convolved(convolution, slope: 0)
  }
}
