/// A weight as it lies in a checkpoint: its shape in PyTorch's order (slowest first) and its values.
public struct HostTensor: Sendable {
  /// Sizes, slowest first.
  public let shape: [Int]
  /// The values, the last dimension fastest.
  public var values: [Float]

  /// Creates a tensor of as many values as its shape has.
  public init(shape: [Int], values: [Float]) {
    precondition(values.count == shape.reduce(1, *), "a tensor needs as many values as its shape has")
    self.shape = shape
    self.values = values
  }

  /// Every value times a factor.
  public mutating func scale(by factor: Float) {
    for index in values.indices { values[index] *= factor }
  }
}

/// A file of named tensors that a network's weights are read from.
public protocol TensorSource {
  /// The file's name, without its folder, for messages.
  var name: String { get }
  /// Whether the file has a tensor of this key.
  func contains(_ key: String) -> Bool
  /// A tensor's sizes, slowest first; `nil` when there is none.
  func shape(of key: String) -> [Int]?
  /// A tensor as floats.
  ///
  /// - Parameters:
  ///   - key: its name in PyTorch.
  ///   - shape: the sizes it must have, slowest first; `nil` takes any.
  /// - Throws: ``TensorError/missingTensor(file:key:)``, ``TensorError/wrongShape(file:key:expected:found:)``,
  ///   ``TensorError/unreadableFile(name:reason:)``.
  func tensor(_ key: String, shape: [Int]?) throws(TensorError) -> HostTensor
}

extension TensorSource {
  /// A tensor as floats, of any shape.
  public func tensor(_ key: String) throws(TensorError) -> HostTensor { try tensor(key, shape: nil) }
}
