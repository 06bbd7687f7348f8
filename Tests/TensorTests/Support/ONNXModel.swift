import Foundation

/// Writes ONNX files byte by byte, sane or not.
struct ONNXModel {
  struct Tensor {
    var name = ""
    var dims: [Int64]
    var dataType = 1
    var raw: [UInt8]?
    var floats: [Float] = []
    var location = 0

    init(_ name: String = "", _ dims: [Int64], raw: [UInt8]? = nil, floats: [Float] = []) {
      (self.name, self.dims, self.raw, self.floats) = (name, dims, raw, floats)
    }

    /// Floats as most exporters write them.
    init(_ name: String = "", _ dims: [Int64], _ values: [Float]) {
      self.init(
        name, dims, raw: values.flatMap { withUnsafeBytes(of: $0.bitPattern.littleEndian, Array.init) })
    }

    var bytes: [UInt8] {
      var message = ProtobufMessage()
      message.packed(1, dims)
      message.varint(2, Int64(dataType))
      for value in floats { message.float(4, value) }
      message.string(8, name)
      if let raw { message.bytes(9, raw) }
      if location != 0 { message.varint(14, Int64(location)) }
      return message.encoded
    }
  }

  struct Node {
    var name: String
    var operation: String
    var inputs: [String] = []
    var outputs: [String] = []
    var integers: [(name: String, values: [Int64])] = []
    var constant: Tensor?

    var bytes: [UInt8] {
      var message = ProtobufMessage()
      inputs.forEach { message.string(1, $0) }
      outputs.forEach { message.string(2, $0) }
      message.string(3, name)
      message.string(4, operation)
      for (name, values) in integers {
        var attribute = ProtobufMessage()
        attribute.string(1, name)
        attribute.packed(8, values)
        message.bytes(5, attribute.encoded)
      }
      if let constant {
        var attribute = ProtobufMessage()
        attribute.string(1, "value")
        attribute.bytes(5, constant.bytes)
        message.bytes(5, attribute.encoded)
      }
      return message.encoded
    }
  }

  var nodes = [Node(name: "/node", operation: "Add")]
  var tensors: [Tensor] = []

  var bytes: [UInt8] {
    var graph = ProtobufMessage()
    nodes.forEach { graph.bytes(1, $0.bytes) }
    tensors.forEach { graph.bytes(5, $0.bytes) }
    var model = ProtobufMessage()
    model.varint(1, 8)
    model.string(2, "a field that the reader skips")
    model.bytes(7, graph.encoded)
    return model.encoded
  }
}

/// The few of protobuf's encodings that an ONNX file needs.
struct ProtobufMessage {
  private(set) var encoded: [UInt8] = []

  mutating func varint(_ field: Int, _ value: Int64) {
    write(UInt64(field << 3))
    write(UInt64(bitPattern: value))
  }

  mutating func bytes(_ field: Int, _ bytes: [UInt8]) {
    write(UInt64(field << 3 | 2))
    write(UInt64(bytes.count))
    encoded += bytes
  }

  mutating func string(_ field: Int, _ text: String) { bytes(field, Array(text.utf8)) }

  mutating func packed(_ field: Int, _ values: [Int64]) {
    var list = ProtobufMessage()
    values.forEach { list.write(UInt64(bitPattern: $0)) }
    bytes(field, list.encoded)
  }

  mutating func float(_ field: Int, _ value: Float) {
    write(UInt64(field << 3 | 5))
    encoded += withUnsafeBytes(of: value.bitPattern.littleEndian, Array.init)
  }

  private mutating func write(_ value: UInt64) {
    var rest = value
    while rest >= 128 {
      encoded.append(UInt8(truncatingIfNeeded: rest) | 128)
      rest >>= 7
    }
    encoded.append(UInt8(rest))
  }
}
