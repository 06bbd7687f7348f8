internal import Tensor

/// Reads a module of a Piper voice.
typealias VITSReader = ModuleReader<ONNXFile>

extension ModuleReader where File == ONNXFile {
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
    let shape = try shape("weight")
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
}
