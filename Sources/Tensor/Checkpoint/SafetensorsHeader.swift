internal import Foundation

/// What a safetensors file says about itself: eight bytes of length, then JSON, then the tensors' bytes.
///
/// Source: https://huggingface.co/docs/safetensors, "Format".
struct SafetensorsHeader {
  /// The longest header that is read; the largest official one has 0.3 MB.
  private static let longest = 32 << 20

  let tensors: [String: StoredTensor]
  /// The `__metadata__` entry.
  let metadata: [String: String]

  init(_ file: MappedFile, name: String) throws(TensorError) {
    let unreadable = { (reason: String) in TensorError.unreadableFile(name: name, reason: reason) }
    guard file.bytes.count >= 8 else {
      throw unreadable("it is too short for a safetensors file")
    }
    let length = file.integer(at: 0, as: UInt64.self)
    guard length <= Self.longest, Int(length) <= file.bytes.count - 8 else {
      throw unreadable("it is truncated, or neither a safetensors file nor a PyTorch file")
    }
    let json = Data(file.bytes[8..<8 + Int(length)])
    let header: [String: Entry]
    do {
      header = try JSONDecoder().decode([String: Entry].self, from: json)
    } catch {
      throw unreadable("its header is not that of a safetensors file")
    }
    var tensors: [String: StoredTensor] = [:]
    var metadata: [String: String] = [:]
    for (key, entry) in header {
      switch entry {
      case .metadata(let values): metadata = values
      case .tensor(let dtype, let shape, let offsets):
        guard let type = Self.types[dtype] else {
          throw unreadable("its tensor '\(key)' has the element type \(dtype.prefix(20)), which is not known")
        }
        let tensor = StoredTensor(type: type, shape: shape, offset: 8 + Int(length) &+ offsets[0])
        let room = offsets[1].subtractingReportingOverflow(offsets[0])
        guard offsets[0] >= 0, !room.overflow, tensor.extent == room.partialValue else {
          throw unreadable("its tensor '\(key)' has other bytes than its shape needs")
        }
        tensors[key] = tensor
      }
    }
    self.tensors = tensors
    self.metadata = metadata
  }

  private static let types: [String: StoredType] = [
    "F64": .float64, "F32": .float32, "F16": .float16, "BF16": .bfloat16,
    "I64": .int64, "I32": .int32, "I16": .int16, "I8": .int8, "U8": .uint8, "BOOL": .uint8,
  ]

  private enum Entry: Decodable {
    case metadata([String: String])
    case tensor(dtype: String, shape: [Int], offsets: [Int])

    private enum CodingKeys: String, CodingKey {
      case dtype, shape
      case offsets = "data_offsets"
    }

    init(from decoder: any Decoder) throws {
      if decoder.codingPath.last?.stringValue == "__metadata__" {
        self = .metadata(try [String: String](from: decoder))
        return
      }
      let fields = try decoder.container(keyedBy: CodingKeys.self)
      let offsets = try fields.decode([Int].self, forKey: .offsets)
      let shape = try fields.decode([Int].self, forKey: .shape)
      guard offsets.count == 2, shape.count <= 8 else {
        throw DecodingError.dataCorruptedError(
          forKey: .offsets, in: fields, debugDescription: "two offsets and at most eight sizes")
      }
      self = .tensor(dtype: try fields.decode(String.self, forKey: .dtype), shape: shape, offsets: offsets)
    }
  }
}
