internal import Tensor

/// Reads one PyTorch module's parameters out of a file and declares them as weights.
///
/// Readers nest as modules do: `reader["encoder"]["layers"][3]` reads `encoder.layers.3.…`.
struct ModuleReader<File: TensorSource> {
  let file: File
  let weights: Weights
  let path: String

  init(_ file: File, into weights: Weights, path: String = "") {
    self.file = file
    self.weights = weights
    self.path = path
  }

  /// The reader of a child module.
  subscript(_ child: String) -> ModuleReader {
    ModuleReader(file, into: weights, path: key(child))
  }

  /// The reader of an element of a module list.
  subscript(_ index: Int) -> ModuleReader { self["\(index)"] }

  /// The key of a parameter of this module.
  func key(_ parameter: String) -> String { path.isEmpty ? parameter : "\(path).\(parameter)" }

  func contains(_ parameter: String) -> Bool { file.contains(key(parameter)) }

  /// How many elements a module list has, counting those with `parameter`.
  func count(of parameter: String) -> Int {
    var count = 0
    while self[count].contains(parameter) { count += 1 }
    return count
  }

  /// A parameter's sizes, slowest first.
  func shape(_ parameter: String) throws(TensorError) -> [Int] {
    guard let shape = file.shape(of: key(parameter)) else {
      throw .missingTensor(file: file.name, key: key(parameter))
    }
    return shape
  }

  func host(_ parameter: String, _ shape: [Int]? = nil) throws(TensorError) -> HostTensor {
    try file.tensor(key(parameter), shape: shape)
  }

  /// A parameter as it is: PyTorch's shape, reversed.
  func tensor(_ parameter: String, _ shape: [Int]) throws(TensorError) -> Tensor {
    let host = try host(parameter, shape)
    return weights.add(key(parameter), shape: shape.reversed(), host.values)
  }

  /// The error of a file whose network is not one we know.
  func unsupported(_ reason: String) -> TensorError {
    .unreadableFile(name: file.name, reason: reason)
  }
}
