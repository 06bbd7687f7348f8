import CGGML

/// A network's computation for one shape of input: built once, computed many times.
///
/// All graphs of a backend share its ``GraphMemory``: set the inputs of one, compute it and read its outputs
/// before turning to another.
public final class Graph {
  private let builder: GraphBuilder
  private let computation: OpaquePointer

  /// Builds a graph and reserves its memory on the device.
  ///
  /// - Parameters:
  ///   - backend: where it will run.
  ///   - build: writes the expressions; what it marks with ``GraphBuilder/output(_:_:)`` is computed.
  /// - Throws: ``TensorError/deviceFailed(device:doing:)`` when the memory does not suffice.
  public init(on backend: Backend, _ build: (GraphBuilder) -> Void) throws(TensorError) {
    builder = GraphBuilder(backend: backend)
    build(builder)
    computation = ggml_new_graph_custom(builder.context, GraphBuilder.capacity, false)
    // Stores come first, in the order they were written in, since what reads the state follows them.
    for store in builder.stores {
      ggml_build_forward_expand(computation, store)
    }
    for output in builder.outputs.values {
      ggml_build_forward_expand(computation, output)
    }
    guard claimMemory() else {
      throw .deviceFailed(device: backend.device.name, doing: "reserving memory for a graph")
    }
  }

  /// Sets an input. The count must be the input's own.
  public func set(_ name: String, _ values: [Float]) { setBytes(name, values) }

  /// Sets an input of integers. The count must be the input's own.
  public func set(_ name: String, _ values: [Int32]) { setBytes(name, values) }

  /// Computes all outputs from the inputs.
  ///
  /// - Throws: ``TensorError/deviceFailed(device:doing:)``.
  public func compute() throws(TensorError) {
    let isReady = isOwner || (builder.inputs.isEmpty && claimMemory())
    precondition(isReady, "another graph of this backend was used since the inputs were set")
    guard ggml_backend_graph_compute(builder.backend.handle, computation) == GGML_STATUS_SUCCESS else {
      throw .deviceFailed(device: builder.backend.device.name, doing: "computing a graph")
    }
  }

  /// The elements of an output, after ``compute()``.
  public func floats(_ name: String) -> [Float] {
    guard let tensor = builder.outputs[name] else {
      preconditionFailure("the graph has no output '\(name)'")
    }
    precondition(isOwner, "another graph of this backend was used since this one was computed")
    let count = Int(ggml_nelements(tensor))
    return [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
      ggml_backend_tensor_get(tensor, buffer.baseAddress, 0, count * MemoryLayout<Float>.size)
      initialized = count
    }
  }

  /// Whether an output depends on an input.
  public func reads(_ name: String) -> Bool {
    let isReady = isOwner || claimMemory()
    precondition(isReady, "the device has no memory left for this graph")
    return builder.inputs[name]?.pointee.buffer != nil
  }

  private func setBytes<Element>(_ name: String, _ values: [Element]) {
    guard let tensor = builder.inputs[name] else {
      preconditionFailure("the graph has no input '\(name)'")
    }
    let isReady = isOwner || claimMemory()
    precondition(isReady, "the device has no memory left for this graph")
    // An input that no output depends on has no memory, and needs none.
    guard tensor.pointee.buffer != nil else { return }
    precondition(
      values.count == Int(ggml_nelements(tensor)),
      "input '\(name)' takes \(ggml_nelements(tensor)) elements, not \(values.count)")
    values.withUnsafeBytes { ggml_backend_tensor_set(tensor, $0.baseAddress, 0, $0.count) }
  }

  private var isOwner: Bool { builder.backend.graphMemory.owner == ObjectIdentifier(self) }

  /// Lays the graph's tensors out in the memory, which ends what another graph had there.
  private func claimMemory() -> Bool {
    let memory = builder.backend.graphMemory
    // ggml takes a tensor with an address for one that is laid out already.
    var tensor = ggml_get_first_tensor(builder.context)
    while let current = tensor {
      current.pointee.data = nil
      current.pointee.buffer = nil
      tensor = ggml_get_next_tensor(builder.context, current)
    }
    guard ggml_gallocr_alloc_graph(memory.allocator, computation) else { return false }
    memory.owner = ObjectIdentifier(self)
    return true
  }
}
