public import Foundation

/// Writes tensors as a safetensors file.
///
/// Source: https://huggingface.co/docs/safetensors, "Format".
public struct SafetensorsWriter {
  private var header: [String: Entry] = [:]
  private var metadata: [String: String]
  private var bytes = Data()

  /// Starts a file with notes of its own.
  public init(metadata: [String: String] = [:]) {
    self.metadata = metadata
  }

  /// Adds a tensor of floats; its shape is PyTorch's, slowest first.
  public mutating func add(_ key: String, _ tensor: HostTensor) {
    add(key, type: "F32", shape: tensor.shape, tensor.values.map(\.bitPattern.littleEndian))
  }

  /// Adds a row of integers.
  public mutating func add(_ key: String, _ integers: [Int32]) {
    add(key, type: "I32", shape: [integers.count], integers.map(\.littleEndian))
  }

  /// The tensors' bytes alone, for a checksum.
  public var tensorBytes: Data { bytes }

  /// Adds or changes a note.
  public mutating func note(_ key: String, _ value: String) { metadata[key] = value }

  /// The file's bytes.
  public func encoded() throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    var json = try encoder.encode(Header(tensors: header, metadata: metadata))
    // The tensors start at a multiple of eight.
    json.append(contentsOf: [UInt8](repeating: UInt8(ascii: " "), count: (8 - json.count % 8) % 8))
    let length = withUnsafeBytes(of: UInt64(json.count).littleEndian) { Data($0) }
    return length + json + bytes
  }

  private mutating func add<Element: BitwiseCopyable>(
    _ key: String, type: String, shape: [Int], _ elements: [Element]
  ) {
    let start = bytes.count
    elements.withUnsafeBytes { bytes.append(contentsOf: $0) }
    header[key] = Entry(dtype: type, shape: shape, offsets: [start, bytes.count])
  }

  private struct Entry: Encodable {
    let dtype: String
    let shape: [Int]
    let offsets: [Int]

    enum CodingKeys: String, CodingKey {
      case dtype, shape
      case offsets = "data_offsets"
    }
  }

  private struct Header: Encodable {
    let tensors: [String: Entry]
    let metadata: [String: String]

    struct Key: CodingKey {
      let stringValue: String
      var intValue: Int? { nil }

      init(_ name: String) { stringValue = name }
      init?(stringValue: String) { self.init(stringValue) }
      init?(intValue: Int) { nil }
    }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: Key.self)
      for (key, entry) in tensors { try container.encode(entry, forKey: Key(key)) }
      if !metadata.isEmpty { try container.encode(metadata, forKey: Key("__metadata__")) }
    }
  }
}
