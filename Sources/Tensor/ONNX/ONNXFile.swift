internal import Foundation
internal import SwiftProtobuf

/// The weights of an ONNX file, found by their PyTorch module's name.
///
/// An exporter that folds weight normalisation gives the result a made-up name (`onnx::Conv_8168`). Such a
/// weight is found through the node that uses it: the exporter names nodes after modules, so the weight of
/// `flow.flows.0.enc.in_layers.0` is the second input of `/flow/flows.0/enc/in_layers.0/Conv`.
public struct ONNXFile: TensorSource {
  /// The file's name, without its folder, for messages.
  public let name: String
  private var tensors: [String: Chatterbox_Onnx_TensorData] = [:]
  private var nodes: [String: Chatterbox_Onnx_Node] = [:]
  private var producers: [String: Chatterbox_Onnx_Node] = [:]

  /// Reads a file.
  ///
  /// - Throws: ``TensorError/unreadableFile(name:reason:)``.
  public init(path: String) throws(TensorError) {
    name = URL(filePath: path).lastPathComponent
    let data: Data
    do {
      data = try Data(contentsOf: URL(filePath: path), options: .mappedIfSafe)
    } catch {
      throw .unreadableFile(name: name, reason: "the file is missing or not readable")
    }
    var options = BinaryDecodingOptions()
    options.discardUnknownFields = true
    guard let model = try? Chatterbox_Onnx_Model(serializedBytes: data, options: options) else {
      throw .unreadableFile(name: name, reason: "it is truncated, or not an ONNX file")
    }
    guard !model.graph.node.isEmpty else {
      throw .unreadableFile(name: name, reason: "it holds no ONNX graph")
    }
    for tensor in model.graph.initializer { tensors[tensor.name] = tensor }
    for node in model.graph.node {
      nodes[node.name] = node
      for output in node.output { producers[output] = node }
      if node.opType == "Constant", let output = node.output.first, let value = node.attribute.first {
        tensors[output] = value.t
      }
    }
  }

  /// Whether the file has a tensor for a module's parameter, such as `dec.conv_pre.bias`.
  public func contains(_ key: String) -> Bool { find(key) != nil }

  /// A parameter's sizes, slowest first; `nil` when there is none.
  public func shape(of key: String) -> [Int]? { find(key)?.dims.map { Int(clamping: $0) } }

  /// A module's parameter.
  ///
  /// - Parameters:
  ///   - key: its name in PyTorch: `enc_p.emb.weight`.
  ///   - shape: the sizes it must have, slowest first; `nil` takes any.
  /// - Throws: ``TensorError/missingTensor(file:key:)``, ``TensorError/wrongShape(file:key:expected:found:)``,
  ///   ``TensorError/unreadableFile(name:reason:)``.
  public func tensor(_ key: String, shape expected: [Int]?) throws(TensorError) -> HostTensor {
    guard let found = find(key) else { throw .missingTensor(file: name, key: key) }
    let shape = found.dims.map { Int(clamping: $0) }
    if let expected, expected != shape {
      throw .wrongShape(file: name, key: key, expected: expected, found: shape)
    }
    return HostTensor(shape: shape, values: try floats(of: found, key: key, shape: shape))
  }

  /// The integers of a node's attribute, such as a convolution's `strides`; `nil` if there is none.
  public func attribute(_ attribute: String, ofModule module: String, operation: String) -> [Int]? {
    let node = nodes[Self.nodeName(module: module, operation: operation)]
    return node?.attribute.first { $0.name == attribute }?.ints.map { Int(clamping: $0) }
  }

  /// What a node multiplies or adds: its input, computed if the exporter left a small expression of one
  /// constant (`Exp`, `Neg`) before it.
  ///
  /// - Throws: ``TensorError/missingTensor(file:key:)`` when it is not a constant;
  ///   ``TensorError/wrongShape(file:key:expected:found:)``.
  public func input(
    _ index: Int, ofNode name: String, shape: [Int]
  ) throws(TensorError) -> HostTensor {
    guard let node = nodes[name], index < node.input.count else {
      throw .missingTensor(file: self.name, key: name)
    }
    var key = node.input[index]
    var operations: [String] = []
    while tensors[key] == nil, operations.count < 4, let producer = producers[key],
      ["Exp", "Neg"].contains(producer.opType), let input = producer.input.first
    {
      operations.append(producer.opType)
      key = input
    }
    var constant = try tensor(key, shape: shape)
    for operation in operations.reversed() {
      constant.values = constant.values.map { operation == "Exp" ? exp($0) : -$0 }
    }
    return constant
  }

  private func find(_ key: String) -> Chatterbox_Onnx_TensorData? {
    if let tensor = tensors[key] { return tensor }
    let parts = key.split(separator: ".")
    guard let parameter = parts.last else { return nil }
    let module = parts.dropLast().joined(separator: ".")
    let uses =
      switch parameter {
      case "weight": [("Conv", 1), ("ConvTranspose", 1), ("Gather", 0)]
      case "bias": [("Conv", 2), ("ConvTranspose", 2)]
      default: [(String, Int)]()
      }
    for (operation, input) in uses {
      let node = nodes[Self.nodeName(module: module, operation: operation)]
      if let node, node.input.count > input { return tensors[node.input[input]] }
    }
    return nil
  }

  /// `flow.flows.0.enc` and `Conv` → `/flow/flows.0/enc/Conv`: an index stays with the list it is in.
  private static func nodeName(module: String, operation: String) -> String {
    var path = ""
    for part in module.split(separator: ".") {
      path += (part.allSatisfy(\.isNumber) ? "." : "/") + part
    }
    return "\(path)/\(operation)"
  }

  private func floats(
    of tensor: Chatterbox_Onnx_TensorData, key: String, shape: [Int]
  ) throws(TensorError) -> [Float] {
    let float32 = 1
    guard tensor.dataType == float32, tensor.dataLocation == 0 else {
      throw .unreadableFile(name: name, reason: "tensor '\(key)' is not made of 32-bit floats in this file")
    }
    var count = 1
    for size in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: size)
      guard !overflow, size >= 0 else {
        throw .unreadableFile(name: name, reason: "tensor '\(key)' has the impossible shape \(shape)")
      }
      count = product
    }
    let isList = tensor.rawData.isEmpty
    let found = isList ? tensor.floatData.count : tensor.rawData.count / MemoryLayout<Float>.size
    guard found == count, tensor.rawData.count.isMultiple(of: MemoryLayout<Float>.size) else {
      throw .unreadableFile(name: name, reason: "tensor '\(key)' has fewer or more values than its shape")
    }
    if isList { return tensor.floatData }
    return [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
      _ = tensor.rawData.copyBytes(to: UnsafeMutableRawBufferPointer(buffer))
      initialized = count
    }
  }
}
