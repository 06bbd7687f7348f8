import Tensor
import Testing

@Suite("ONNXFile on hostile files")
struct ONNXHostileTests {
  private func expectUnreadable(
    _ bytes: [UInt8], sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let error = #expect(throws: TensorError.self, sourceLocation: sourceLocation) { try onnxFile(bytes) }
    guard case .unreadableFile("voice.onnx", _) = error else {
      Issue.record(
        "expected .unreadableFile, got \(String(describing: error))", sourceLocation: sourceLocation)
      return
    }
  }

  @Test("a file that is missing, or a folder, is refused", arguments: ["/nowhere/voice.onnx", "/tmp", ""])
  func missing(path: String) {
    #expect(throws: TensorError.self) { try ONNXFile(path: path) }
  }

  @Test("a file that is empty or something else is refused")
  func notONNX() {
    expectUnreadable([])
    expectUnreadable(Array("<!DOCTYPE html><html>404</html>".utf8))
    expectUnreadable(Array("PK\u{3}\u{4} and more".utf8))
    expectUnreadable([UInt8](repeating: 0, count: 10_000))
    expectUnreadable([UInt8](repeating: 0xFF, count: 10_000))
  }

  @Test("a model without nodes is refused")
  func noNodes() {
    var model = ONNXModel()
    model.nodes = []
    model.tensors = [.init("w", [1], [1])]
    expectUnreadable(model.bytes)
  }

  @Test("random bytes are refused")
  func randomBytes() {
    var generator = SeededGenerator(seed: 5)
    for length in 1...200 {
      expectUnreadable((0..<length).map { _ in UInt8.random(in: 0...255, using: &generator) })
    }
  }

  @Test("a small file cut anywhere is refused, or lacks what was cut off")
  func truncated() throws {
    var model = ONNXModel()
    model.tensors = [.init("w", [2, 2], [1, 2, 3, 4])]
    for length in 0..<model.bytes.count {
      #expect(throws: TensorError.self, "cut to \(length) bytes") {
        try onnxFile(model.bytes.prefix(length)).tensor("w")
      }
    }
  }

  @Test(
    "a length that reaches beyond the file is refused", arguments: [100, 1 << 31, 1 << 40, .max] as [Int64])
  func lyingLength(length: Int64) {
    var lie = ProtobufMessage()
    lie.varint(0, length)
    // Field 7, the graph, of that length; what follows is the graph's first bytes.
    expectUnreadable([7 << 3 | 2] + lie.encoded.dropFirst() + ONNXModel().bytes)
  }

  @Test(
    "dims that the values do not have are refused before memory is asked for",
    arguments: [
      [3], [5], [], [2, 3], [-4], [-2, -2], [.max], [.min], [1 << 62], [1 << 40, 1 << 40],
      [1 << 32, 1 << 32],
      [.max, .max, .max], [4, .min], [1 << 61, 4, 2],
    ] as [[Int64]])
  func lyingDims(dims: [Int64]) throws {
    for tensor in [ONNXModel.Tensor("w", dims, [1, 2, 3, 4]), .init("w", dims, floats: [1, 2, 3, 4])] {
      var model = ONNXModel()
      model.tensors = [tensor]
      let file = try onnxFile(model.bytes)
      let error = #expect(throws: TensorError.self) { try file.tensor("w") }
      #expect(error?.description.contains("'w'") == true)
    }
  }

  @Test("raw data that is no whole number of floats is refused", arguments: 0..<16)
  func oddRawData(count: Int) throws {
    var model = ONNXModel()
    model.tensors = [.init("w", [4], raw: [UInt8](repeating: 1, count: count))]
    let file = try onnxFile(model.bytes)
    #expect(throws: TensorError.self) { try file.tensor("w") }
  }

  @Test(
    "other types than 32-bit floats are refused, and named", arguments: [0, 2, 6, 7, 10, 11, 16, -1, 1_000])
  func otherTypes(type: Int) throws {
    var model = ONNXModel()
    model.tensors = [.init("w", [1], [1])]
    model.tensors[0].dataType = type
    let file = try onnxFile(model.bytes)
    let error = #expect(throws: TensorError.self) { try file.tensor("w") }
    #expect(error?.description.contains("tensor 'w' is not made of 32-bit floats") == true)
  }

  @Test("values in another file are refused")
  func externalData() throws {
    var model = ONNXModel()
    model.tensors = [.init("w", [1], raw: [])]
    model.tensors[0].location = 1
    let file = try onnxFile(model.bytes)
    let error = #expect(throws: TensorError.self) { try file.tensor("w") }
    #expect(error?.description.contains("in this file") == true)
  }

  @Test("graphs nested deeper than any exporter's do not exhaust the stack")
  func nesting() {
    var bytes: [UInt8] = []
    for _ in 0..<20_000 {
      var outer = ProtobufMessage()
      outer.bytes(7, bytes.count > 40_000 ? [] : bytes)
      bytes = outer.encoded
    }
    expectUnreadable(bytes)
  }
}
