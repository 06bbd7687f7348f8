/// What can go wrong between a weights file and a finished graph.
public enum TensorError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The configuration names a device that this ggml does not offer.
  case deviceNotFound(name: String, available: [String])
  /// A list of devices names one twice.
  case deviceRepeated(name: String)
  /// The device could not be opened or ran out of memory.
  case deviceFailed(device: String, doing: String)
  /// A weights file is not what its ending says.
  case unreadableFile(name: String, reason: String)
  /// A weights file lacks a tensor that the network needs.
  case missingTensor(file: String, key: String)
  /// A tensor has another shape than the network needs. Shapes are in PyTorch's order.
  case wrongShape(file: String, key: String, expected: [Int], found: [Int])

  /// What was wrong, what was expected, and what to do.
  public var description: String {
    switch self {
    case .deviceNotFound(let name, let available):
      "There is no device '\(name)'. This build of ggml offers \(available.joined(separator: ", ")); "
        + "for another, set up again with GGML_CUDA=1, GGML_METAL=1 or GGML_VULKAN=1."
    case .deviceRepeated(let name):
      "The list of devices names '\(name)' twice. Name each once; more threads or requests need no more."
    case .deviceFailed(let device, let doing):
      "The device '\(device)' failed while \(doing). It may be out of memory: try fewer models at once."
    case .unreadableFile(let name, let reason):
      "\(name) cannot be read: \(reason). Fetch it again: 'make setup' for the starter voice, 'chatterbox models pull' for the others."
    case .missingTensor(let file, let key):
      "\(file) has no tensor '\(key)': it belongs to another kind of model, or is damaged."
    case .wrongShape(let file, let key, let expected, let found):
      "\(file): tensor '\(key)' has shape \(found), expected \(expected)."
    }
  }
}
