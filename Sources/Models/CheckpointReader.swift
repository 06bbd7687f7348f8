internal import Foundation
internal import Tensor

/// Reads a module of one of Chatterbox's checkpoints.
typealias CheckpointReader = ModuleReader<Checkpoint>

// PyTorch's layers by their own parameter names.
extension ModuleReader where File == Checkpoint {
  /// `nn.Linear`, with its bias if the file has one.
  ///
  /// The matrix is read when the weights are uploaded, so that a checkpoint is never in memory twice.
  func linear(from inputs: Int, to outputs: Int) throws(TensorError) -> Linear {
    try checkShape("weight", [outputs, inputs])
    let bias = contains("bias") ? try host("bias", [outputs]) : nil
    let (file, key) = (file, key("weight"))
    return weights.linear(key, inputs: inputs, outputs: outputs, bias: bias) {
      file.checkedTensor(key)
    }
  }

  /// `nn.Linear` of whatever sizes the file has.
  func linear() throws(TensorError) -> Linear {
    let shape = try shape("weight")
    guard shape.count == 2 else { throw unsupported("'\(key("weight"))' is not a matrix") }
    return try linear(from: shape[1], to: shape[0])
  }

  /// `nn.Embedding`: a table [C, N] of which rows are taken.
  func embedding(_ count: Int? = nil, channels: Int? = nil) throws(TensorError) -> Tensor {
    let shape = try shape("weight")
    guard shape.count == 2 else { throw unsupported("'\(key("weight"))' is not a table") }
    try checkShape("weight", [count ?? shape[0], channels ?? shape[1]])
    return weights.table(key("weight"), shape: shape.reversed(), in: file)
  }

  /// `nn.LayerNorm` over `channels`.
  func layerNorm(_ channels: Int) throws(TensorError) -> LayerNormalization {
    LayerNormalization(scale: try tensor("weight", [channels]), shift: try tensor("bias", [channels]))
  }

  /// `nn.Conv1d`, plain or weight-normed, as [O, I, K] of the file's own sizes.
  ///
  /// - Parameter fold: changes weight and bias before they are declared, to fold a neighbour into them.
  func convolution(
    _ options: ConvolutionOptions = .init(),
    fold: (inout HostTensor, inout HostTensor?) -> Void = { _, _ in }
  ) throws(TensorError) -> Convolution {
    var weight = try normedWeight()
    guard weight.shape.count == 3 else { throw unsupported("'\(key("weight"))' is not a convolution") }
    var bias = contains("bias") ? try host("bias", [weight.shape[0]]) : nil
    fold(&weight, &bias)
    return weights.convolution(key("weight"), weight, bias: bias, options)
  }

  /// How many channels come out of a layer, by its weight: more than one.
  func outputs() throws(TensorError) -> Int {
    guard let outputs = try shape("weight").first, outputs > 1 else {
      throw unsupported("'\(key("weight"))' has too few channels")
    }
    return outputs
  }

  /// `nn.Conv1d` whose sizes are known.
  func convolution(
    from inputs: Int, to outputs: Int, taps: Int, _ options: ConvolutionOptions = .init(),
    fold: (inout HostTensor, inout HostTensor?) -> Void = { _, _ in }
  ) throws(TensorError) -> Convolution {
    try checkShape("weight", [outputs, inputs, taps])
    return try convolution(options, fold: fold)
  }

  /// `nn.ConvTranspose1d`, plain or weight-normed, as [I, O, K] of the file's own sizes.
  func transposedConvolution(stride: Int, padding: Int) throws(TensorError) -> TransposedConvolution {
    let weight = try normedWeight()
    guard weight.shape.count == 3 else { throw unsupported("'\(key("weight"))' is not a convolution") }
    let bias = contains("bias") ? try host("bias", [weight.shape[1]]) : nil
    return weights.transposedConvolution(
      key("weight"), weight, bias: bias, stride: stride, padding: padding)
  }

  /// A weight with its weight normalisation folded in: w = g·v / |v|, the length taken over all dimensions
  /// but the first.
  ///
  /// Source: Salimans and Kingma, "Weight Normalization", 2016; both of PyTorch's ways to store it.
  func normedWeight() throws(TensorError) -> HostTensor {
    if contains("weight") { return try host("weight") }
    let (magnitude, direction) =
      contains("weight_g")
      ? ("weight_g", "weight_v")
      : ("parametrizations.weight.original0", "parametrizations.weight.original1")
    guard contains(magnitude) else { throw .missingTensor(file: file.name, key: key("weight")) }
    var weight = try host(direction)
    guard let rows = weight.shape.first, rows > 0 else { throw unsupported("'\(key(direction))' is empty") }
    let lengths = try host(
      magnitude, [rows] + [Int](repeating: 1, count: weight.shape.count - 1)
    ).values
    let columns = weight.values.count / rows
    for row in 0..<rows {
      let range = row * columns..<(row + 1) * columns
      let length = weight.values[range].reduce(into: 0.0) { $0 += Double($1) * Double($1) }.squareRoot()
      let factor = Float(Double(lengths[row]) / length)
      for index in range { weight.values[index] *= factor }
    }
    return weight
  }

  func checkShape(_ parameter: String, _ expected: [Int]) throws(TensorError) {
    let found = try shape(parameter)
    guard found == expected else {
      throw .wrongShape(file: file.name, key: key(parameter), expected: expected, found: found)
    }
  }
}

/// Layer normalisation over the fastest dimension, with its parameters.
struct LayerNormalization {
  let scale: Tensor
  let shift: Tensor

  func callAsFunction(
    _ input: Tensor, epsilon: Float = 1e-5, activation: Activation = .none, adding added: Tensor? = nil
  ) -> Tensor {
    input.layerNorm(scale, shift, epsilon: epsilon, activation: activation, adding: added)
  }

  /// The same as what layers take that normalise their rows themselves.
  func rows(epsilon: Float = 1e-5) -> RowNorm { RowNorm(scale: scale, shift: shift, epsilon: epsilon) }
}
