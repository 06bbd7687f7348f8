/// A file of `torch.save`: a ZIP archive of one pickle and the storages that it names.
///
/// Source: PyTorch's `torch/serialization.py` and `torch/_utils.py`.
struct TorchArchive {
  private static let longestPickle = 32 << 20
  /// Nested dictionaries deeper than this are not checkpoints.
  private static let deepest = 16

  private let file: MappedFile
  private let name: String
  private let members: [String: Range<Int>]
  private let root: String

  init(_ file: MappedFile, name: String) throws(TensorError) {
    self.file = file
    self.name = name
    members = try ZipDirectory(file, name: name).members
    guard let pickle = members.keys.filter({ $0.hasSuffix("/data.pkl") }).min(by: { $0.count < $1.count })
    else {
      throw .unreadableFile(name: name, reason: "it is a ZIP archive, but not one of PyTorch")
    }
    root = String(pickle.dropLast("data.pkl".count))
    if let order = members[root + "byteorder"],
      String(decoding: file.bytes[order], as: UTF8.self) != "little"
    {
      throw .unreadableFile(name: name, reason: "it was written on a big-endian machine")
    }
  }

  /// All tensors, by the path of dictionary keys that leads to them.
  func tensors() throws(TensorError) -> [String: StoredTensor] {
    guard let range = members[root + "data.pkl"], range.count <= Self.longestPickle else {
      throw .unreadableFile(name: name, reason: "its pickle is too long for a checkpoint")
    }
    var reader = PickleReader(UnsafeRawBufferPointer(rebasing: file.bytes[range]))
    let pickle: Pickle
    do {
      pickle = try reader.read()
    } catch {
      throw .unreadableFile(name: name, reason: error.reason)
    }
    var search = Search()
    try collect(pickle.value, path: "", depth: 0, into: &search)
    return search.found
  }

  private struct Search {
    var found: [String: StoredTensor] = [:]
    var visits = 0
  }

  private func collect(
    _ value: PickleValue, path: String, depth: Int, into search: inout Search
  ) throws(TensorError) {
    search.visits += 1
    // References to the same dictionaries could be followed for ever.
    guard depth <= Self.deepest, search.visits <= 200_000 else {
      throw .unreadableFile(name: name, reason: "its dictionaries are nested too deeply for a checkpoint")
    }
    let child = { (key: String) in path.isEmpty ? key : "\(path).\(key)" }
    switch value {
    case .tensor(let tensor): search.found[path] = try stored(tensor, key: path)
    case .dictionary(let dictionary):
      for (key, value) in dictionary.pairs {
        guard let key = key.text else { continue }
        try collect(value, path: child(key), depth: depth + 1, into: &search)
      }
    case .list(let list):
      for (index, value) in list.values.enumerated() {
        try collect(value, path: child("\(index)"), depth: depth + 1, into: &search)
      }
    default: break
    }
  }

  private func stored(_ tensor: PickledTensor, key: String) throws(TensorError) -> StoredTensor {
    guard let range = members["\(root)data/\(tensor.storage.key)"] else {
      throw .unreadableFile(name: name, reason: "the storage of its tensor '\(key)' is missing")
    }
    var stored = StoredTensor(
      type: tensor.storage.type, shape: tensor.shape, strides: tensor.strides, offset: range.lowerBound)
    if stored.strides == contiguousStrides(tensor.shape) { stored.strides = nil }
    let (start, overflow) = tensor.offset.multipliedReportingOverflow(by: stored.type.size)
    guard !overflow, start >= 0, tensor.strides.count == tensor.shape.count, let extent = stored.extent,
      start <= range.count, extent <= range.count - start
    else {
      throw .unreadableFile(name: name, reason: "its tensor '\(key)' lies outside its storage")
    }
    stored.offset += start
    return stored
  }

  private func contiguousStrides(_ shape: [Int]) -> [Int] {
    var strides = [Int](repeating: 1, count: shape.count)
    for index in stride(from: shape.count - 2, through: 0, by: -1) {
      strides[index] =
        strides[index + 1].multipliedReportingOverflow(by: max(1, shape[index + 1])).partialValue
    }
    return strides
  }
}
