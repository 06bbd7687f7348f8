import Foundation
import Tensor
import Testing

@Suite("ONNXFile finds a module's parameters")
struct ONNXFileTests {
  private func file(nodes: [ONNXModel.Node] = [], tensors: [ONNXModel.Tensor] = []) throws -> ONNXFile {
    var model = ONNXModel()
    model.nodes += nodes
    model.tensors = tensors
    return try onnxFile(model.bytes)
  }

  @Test("by their own name, whether their floats are raw or in a list")
  func byName() throws {
    let file = try file(tensors: [
      .init("enc_p.emb.weight", [2, 3], [1, 2, 3, 4, 5, 6]),
      .init("dec.conv_pre.bias", [2], floats: [-1, 0.5]),
      .init("scalar", [], [7]),
      .init("empty", [0, 4], []),
    ])
    #expect(file.name == "voice.onnx")
    let weight = try file.tensor("enc_p.emb.weight", shape: [2, 3])
    #expect(weight.shape == [2, 3])
    #expect(weight.values == [1, 2, 3, 4, 5, 6])
    #expect(try file.tensor("dec.conv_pre.bias").values == [-1, 0.5])
    #expect(try file.tensor("scalar", shape: []).values == [7])
    #expect(try file.tensor("empty").values.isEmpty)
    #expect(file.contains("scalar"))
    #expect(!file.contains("enc_p.emb.bias"))
    #expect(!file.contains(""))
  }

  @Test("by the node that uses them, where the exporter made up a name")
  func byNode() throws {
    let file = try file(
      nodes: [
        .init(
          name: "/flow/flows.0/enc/in_layers.1/Conv", operation: "Conv", inputs: ["x", "onnx::7", "onnx::8"]),
        .init(name: "/dec/ups.0/ConvTranspose", operation: "ConvTranspose", inputs: ["x", "onnx::9", "b"]),
        .init(name: "/emb_g/Gather", operation: "Gather", inputs: ["onnx::10", "sid"]),
        .init(name: "/dec/conv_post/Conv", operation: "Conv", inputs: ["x", "onnx::9"]),
      ],
      tensors: [
        .init("onnx::7", [1], [7]), .init("onnx::8", [1], [8]), .init("onnx::9", [1], [9]),
        .init("onnx::10", [1], [10]), .init("b", [1], [11]),
      ])
    #expect(try file.tensor("flow.flows.0.enc.in_layers.1.weight").values == [7])
    #expect(try file.tensor("flow.flows.0.enc.in_layers.1.bias").values == [8])
    #expect(try file.tensor("dec.ups.0.weight").values == [9])
    #expect(try file.tensor("dec.ups.0.bias").values == [11])
    #expect(try file.tensor("emb_g.weight").values == [10])
    #expect(!file.contains("dec.conv_post.bias"))
    #expect(!file.contains("flow.flows.0.enc.in_layers.2.weight"))
  }

  @Test("in constants, by the name of what they put out")
  func constants() throws {
    let file = try file(nodes: [
      .init(name: "/Constant", operation: "Constant", outputs: ["c"], constant: .init("", [2], [3, 4])),
      .init(name: "/Empty", operation: "Constant", outputs: ["none"]),
    ])
    #expect(try file.tensor("c", shape: [2]).values == [3, 4])
    #expect(!file.contains("none"))
  }

  @Test("a node's input is computed through the exponents and signs before it")
  func computedInput() throws {
    let file = try file(
      nodes: [
        .init(name: "/Neg", operation: "Neg", inputs: ["logs"], outputs: ["negated"]),
        .init(name: "/Exp", operation: "Exp", inputs: ["negated"], outputs: ["scale"]),
        .init(name: "/Mul", operation: "Mul", inputs: ["x", "scale"]),
        .init(name: "/Direct", operation: "Mul", inputs: ["logs"]),
        .init(name: "/Variable", operation: "Mul", inputs: ["x"]),
        .init(name: "/Loop", operation: "Exp", inputs: ["loop"], outputs: ["loop"]),
      ],
      tensors: [.init("logs", [2, 1], [0, 1.5])])
    let scale = try file.input(1, ofNode: "/Mul", shape: [2, 1])
    #expect(scale.values == [1, Foundation.exp(Float(-1.5))])
    #expect(try file.input(0, ofNode: "/Direct", shape: [2, 1]).values == [0, 1.5])
    #expect(throws: TensorError.missingTensor(file: "voice.onnx", key: "x")) {
      try file.input(0, ofNode: "/Variable", shape: [2, 1])
    }
    #expect(throws: TensorError.missingTensor(file: "voice.onnx", key: "loop")) {
      try file.input(0, ofNode: "/Loop", shape: [2, 1])
    }
    #expect(throws: TensorError.missingTensor(file: "voice.onnx", key: "/Mul")) {
      try file.input(2, ofNode: "/Mul", shape: [2, 1])
    }
    #expect(throws: TensorError.missingTensor(file: "voice.onnx", key: "/Nowhere")) {
      try file.input(0, ofNode: "/Nowhere", shape: [2, 1])
    }
  }

  @Test("a node's integers are found by module and operation")
  func attributes() throws {
    let file = try file(nodes: [
      .init(
        name: "/dec/ups.0/ConvTranspose", operation: "ConvTranspose",
        integers: [("pads", [4, 4]), ("strides", [8]), ("odd", [-1, .min, .max])])
    ])
    #expect(file.attribute("strides", ofModule: "dec.ups.0", operation: "ConvTranspose") == [8])
    #expect(file.attribute("pads", ofModule: "dec.ups.0", operation: "ConvTranspose") == [4, 4])
    #expect(file.attribute("odd", ofModule: "dec.ups.0", operation: "ConvTranspose") == [-1, .min, .max])
    #expect(file.attribute("dilations", ofModule: "dec.ups.0", operation: "ConvTranspose") == nil)
    #expect(file.attribute("strides", ofModule: "dec.ups.0", operation: "Conv") == nil)
    #expect(file.attribute("strides", ofModule: "dec.ups.1", operation: "ConvTranspose") == nil)
  }

  @Test("what is missing or of another shape is named, with the file")
  func errors() throws {
    let file = try file(tensors: [.init("w", [2, 3], [1, 2, 3, 4, 5, 6])])
    let missing = #expect(throws: TensorError.self) { try file.tensor("dec.conv_pre.weight") }
    #expect(missing == .missingTensor(file: "voice.onnx", key: "dec.conv_pre.weight"))
    #expect(missing?.description.contains("voice.onnx has no tensor 'dec.conv_pre.weight'") == true)
    #expect(throws: TensorError.wrongShape(file: "voice.onnx", key: "w", expected: [3, 2], found: [2, 3])) {
      try file.tensor("w", shape: [3, 2])
    }
  }
}
