internal import Foundation

/// A PyTorch checkpoint as it was published: safetensors, or a `.pt` file of `torch.save`.
///
/// The file is mapped into memory and nothing of it is trusted: a tensor is known only when all of it lies
/// inside the file. Nested dictionaries of a `.pt` file join their keys with dots: `t3.speaker_emb`.
public struct Checkpoint: TensorSource {
  /// The file's name, without its folder, for messages.
  public let name: String
  /// Where it lies.
  let path: String
  /// A safetensors file's `__metadata__`; empty for others.
  public let metadata: [String: String]
  let file: MappedFile
  private let tensors: [String: StoredTensor]

  /// Opens a checkpoint; which kind it is, its first bytes say.
  ///
  /// - Throws: ``TensorError/unreadableFile(name:reason:)`` for a file that is missing, truncated, of another
  ///   kind, or tries to do more than hold tensors.
  public init(path: String) throws(TensorError) {
    let name = URL(filePath: path).lastPathComponent
    file = try MappedFile(path: path, name: name)
    self.name = name
    self.path = path
    let tensors: [String: StoredTensor]
    if file.bytes.starts(with: Array("PK\u{3}\u{4}".utf8)) {
      tensors = try TorchArchive(file, name: name).tensors()
      metadata = [:]
    } else {
      let header = try SafetensorsHeader(file, name: name)
      (tensors, metadata) = (header.tensors, header.metadata)
    }
    for (key, tensor) in tensors {
      guard let extent = tensor.extent, tensor.offset >= 0, tensor.offset <= file.bytes.count,
        extent <= file.bytes.count - tensor.offset
      else {
        throw .unreadableFile(
          name: name, reason: "its tensor '\(key)' lies outside the file, which is truncated or damaged")
      }
    }
    self.tensors = tensors
  }

  /// The keys of all tensors, sorted.
  public var keys: [String] { tensors.keys.sorted() }

  /// Whether the file has a tensor of this key.
  public func contains(_ key: String) -> Bool { tensors[key] != nil }

  /// A tensor's sizes, slowest first; `nil` when there is none.
  public func shape(of key: String) -> [Int]? { tensors[key]?.shape }

  /// A tensor as floats, whatever it is stored as.
  ///
  /// - Throws: ``TensorError/missingTensor(file:key:)``, ``TensorError/wrongShape(file:key:expected:found:)``.
  public func tensor(_ key: String, shape expected: [Int]?) throws(TensorError) -> HostTensor {
    let tensor = try find(key, shape: expected)
    let count = tensor.count ?? 0
    return HostTensor(
      shape: tensor.shape,
      values: [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
        tensor.read(from: file.bytes, into: UnsafeMutableBufferPointer(rebasing: buffer[..<count]))
        initialized = count
      })
  }

  /// A tensor whose key and shape have been checked.
  public func checkedTensor(_ key: String) -> HostTensor {
    guard let tensor = try? tensor(key, shape: nil) else { preconditionFailure("'\(key)' was not checked") }
    return tensor
  }

  /// A tensor of integers, such as speech tokens.
  ///
  /// - Throws: as ``tensor(_:shape:)``; ``TensorError/unreadableFile(name:reason:)`` when a value is not an
  ///   integer of 24 bits.
  public func integers(_ key: String) throws(TensorError) -> [Int32] {
    let values = try tensor(key, shape: nil).values
    guard values.allSatisfy({ $0 == $0.rounded() && abs($0) < 0x1p24 }) else {
      throw .unreadableFile(name: name, reason: "its tensor '\(key)' does not hold small integers")
    }
    return values.map { Int32($0) }
  }

  /// Where the file has a tensor as 32-bit floats in order; `nil` when it is stored otherwise.
  func floatsInPlace(_ key: String) -> UnsafeRawPointer? {
    guard let tensor = tensors[key], tensor.type == .float32, tensor.strides == nil else { return nil }
    guard tensor.offset.isMultiple(of: MemoryLayout<Float>.alignment) else { return nil }
    return file.bytes.baseAddress.map { $0 + tensor.offset }
  }

  /// Gives back the memory of what has been read; it is read again when it is wanted again.
  public func forget() { file.forget() }

  private func find(_ key: String, shape expected: [Int]?) throws(TensorError) -> StoredTensor {
    guard let tensor = tensors[key] else { throw .missingTensor(file: name, key: key) }
    if let expected, expected != tensor.shape {
      throw .wrongShape(file: name, key: key, expected: expected, found: tensor.shape)
    }
    return tensor
  }
}
