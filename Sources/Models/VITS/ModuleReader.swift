internal import Tensor

/// Reads one PyTorch module's parameters out of a voice file and declares them as weights.
///
/// Readers nest as modules do: `reader["enc_p"]["encoder"]` reads `enc_p.encoder.…`.
struct ModuleReader {
  let file: ONNXFile
  let weights: Weights
  private let path: String

  init(_ file: ONNXFile, into weights: Weights) {
    self.init(file, weights, path: "")
  }

  private init(_ file: ONNXFile, _ weights: Weights, path: String) {
    self.file = file
    self.weights = weights
    self.path = path
  }

  /// The reader of a child module.
  subscript(_ child: String) -> ModuleReader {
    ModuleReader(file, weights, path: path.isEmpty ? child : "\(path).\(child)")
  }

  /// The reader of an element of a module list.
  subscript(_ index: Int) -> ModuleReader { self["\(index)"] }

  func contains(_ parameter: String) -> Bool { file.contains("\(path).\(parameter)") }

  /// How many elements a module list has, counting those with `parameter`.
  func count(of parameter: String) -> Int {
    var count = 0
    while self[count].contains(parameter) { count += 1 }
    return count
  }

  func host(_ parameter: String, _ shape: [Int]? = nil) throws(TensorError) -> HostTensor {
    try file.tensor("\(path).\(parameter)", shape: shape)
  }

  /// A parameter as it is: PyTorch's shape, reversed.
  func tensor(_ parameter: String, _ shape: [Int]) throws(TensorError) -> Tensor {
    let host = try host(parameter, shape)
    return weights.add("\(path).\(parameter)", shape: shape.reversed(), host.values)
  }

  /// This module as a convolution of `inputs` channels to `outputs`; `nil` takes what the file has.
  ///
  /// - Parameter adjust: changes the weights before they are declared, to fold something into them.
  func convolution(
    from inputs: Int, to outputs: Int? = nil, taps: Int? = nil, dilation: Int = 1,
    adjust: (inout HostTensor, inout HostTensor?) -> Void = { _, _ in }
  ) throws(TensorError) -> Convolution {
    let found = try weightShape()
    var weight = try host("weight")
    let expected = [outputs ?? found[0], inputs, taps ?? found.last ?? 1]
    guard found == expected else {
      throw .wrongShape(file: file.name, key: "\(path).weight", expected: expected, found: found)
    }
    guard !found[2].isMultiple(of: 2) else {
      throw unsupported("'\(path)' has \(found[2]) taps, where an odd number is expected")
    }
    var bias: HostTensor?
    if contains("bias") { bias = try host("bias", [found[0]]) }
    adjust(&weight, &bias)
    return weights.convolution(path, weight, bias: bias, .init(dilation: dilation))
  }

  /// The shape of this module's weight as a convolution: [O, I, K], or [I, O, K] of a transposed one.
  func weightShape() throws(TensorError) -> [Int] {
    let shape = try host("weight").shape
    guard shape.count == 3 else {
      throw unsupported("'\(path).weight' has the shape \(shape), not three sizes")
    }
    return shape
  }

  /// The first integer of an attribute of this module's operation, such as `strides`.
  func attribute(
    _ name: String, of operation: String, default standard: Int? = nil, in range: ClosedRange<Int>
  ) throws(TensorError) -> Int {
    guard let value = file.attribute(name, ofModule: path, operation: operation)?.first ?? standard,
      range.contains(value)
    else {
      throw unsupported("'\(path)' has no \(name) from \(range.lowerBound) to \(range.upperBound)")
    }
    return value
  }

  /// The rows between taps.
  func dilation() throws(TensorError) -> Int {
    try attribute("dilations", of: "Conv", default: 1, in: 1...64)
  }

  /// The error of a file whose network is not one we know.
  func unsupported(_ reason: String) -> TensorError {
    .unreadableFile(name: file.name, reason: reason)
  }
}

extension HostTensor {
  /// Every value times a factor.
  mutating func scale(by factor: Float) {
    for index in values.indices { values[index] *= factor }
  }
}
