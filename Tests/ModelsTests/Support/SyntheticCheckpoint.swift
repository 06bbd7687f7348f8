import Foundation

/// A small checkpoint with random weights, in the official layout, made from a list in Tests/Fixtures/chatterbox.
///
/// The list is `tools/reference/chatterbox/manifests.py`'s: a name, a shape and a distribution for each tensor. The
/// values equal those of the file that the reference was run on.
struct SyntheticCheckpoint: Decodable {
  let seed: String
  var tensors: [Entry]

  /// The list named `name`, such as `t3_cfg`, `t3_turbo_v1`, `s3gen`, `s3gen_meanflow` or `ve`.
  static func named(_ name: String) throws -> SyntheticCheckpoint {
    let list = try Data(contentsOf: folder.appending(path: "\(name).json"))
    return try JSONDecoder().decode(SyntheticCheckpoint.self, from: list)
  }

  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../Fixtures/chatterbox").standardized

  /// The checkpoint as a safetensors file.
  func safetensors() throws -> Data {
    var header: [String: HeaderEntry] = [:]
    var values = Data()
    for tensor in tensors {
      let start = values.count
      values.append(tensor.bytes(seed: seed))
      header[tensor.name] = HeaderEntry(
        dtype: tensor.isInteger ? "I64" : "F32", shape: tensor.shape, dataOffsets: [start, values.count])
    }
    var json = try JSONEncoder().encode(header)
    json.append(Data(repeating: UInt8(ascii: " "), count: (8 - json.count % 8) % 8))
    var file = withUnsafeBytes(of: UInt64(json.count).littleEndian) { Data($0) }
    file.append(json)
    file.append(values)
    return file
  }

  private struct HeaderEntry: Encodable {
    let dtype: String
    let shape: [Int]
    let dataOffsets: [Int]

    enum CodingKeys: String, CodingKey {
      case dtype
      case shape
      case dataOffsets = "data_offsets"
    }
  }
}

extension SyntheticCheckpoint {
  /// One tensor of a list: `[name, shape, mean, half width]`, `[name, shape, stretches]`, or `[name, shape]` for integers.
  struct Entry: Decodable {
    let name: String
    let shape: [Int]
    let stretches: [Stretch]
    let isInteger: Bool
    private let isWhole: Bool

    init(from decoder: any Decoder) throws {
      var list = try decoder.unkeyedContainer()
      name = try list.decode(String.self)
      let shape = try list.decode([Int].self)
      self.shape = shape
      isInteger = list.isAtEnd
      if isInteger {
        (stretches, isWhole) = ([], true)
      } else if let mean = try? list.decode(Float.self) {
        let halfWidth = try list.decode(Float.self)
        (stretches, isWhole) = ([Stretch(count: shape.reduce(1, *), mean: mean, halfWidth: halfWidth)], true)
      } else {
        (stretches, isWhole) = (try list.decode([Stretch].self), false)
      }
    }

    /// The values as they lie in a file.
    func bytes(seed: String) -> Data {
      if isInteger { return Data(repeating: 0, count: 8 * shape.reduce(1, *)) }
      var data = Data()
      for (index, stretch) in stretches.enumerated() {
        let name = isWhole ? "\(seed)/\(name)" : "\(seed)/\(name)/\(index)"
        let values = PortableRandom.uniform(
          name, count: stretch.count, mean: stretch.mean, halfWidth: stretch.halfWidth)
        values.withUnsafeBytes { data.append(contentsOf: $0) }
      }
      return data
    }
  }

  /// Consecutive values of one distribution.
  struct Stretch: Decodable {
    let count: Int
    let mean: Float
    let halfWidth: Float

    init(count: Int, mean: Float, halfWidth: Float) {
      (self.count, self.mean, self.halfWidth) = (count, mean, halfWidth)
    }

    init(from decoder: any Decoder) throws {
      var list = try decoder.unkeyedContainer()
      count = try list.decode(Int.self)
      mean = try list.decode(Float.self)
      halfWidth = try list.decode(Float.self)
    }
  }
}
