import CGGML

/// The place where a graph's nodes are made: networks write their expressions against its inputs.
public final class GraphBuilder {
  /// The most nodes that a graph may have.
  static let capacity = 8192

  let backend: Backend
  let context: OpaquePointer
  // Pointers, since a `Tensor` holds its builder: the two would keep each other alive for ever.
  private(set) var inputs: [String: UnsafeMutablePointer<ggml_tensor>] = [:]
  private(set) var outputs: [String: UnsafeMutablePointer<ggml_tensor>] = [:]
  private var shapes: [UnsafeMutableRawPointer] = []

  init(backend: Backend) {
    self.backend = backend
    let size =
      ggml_tensor_overhead() * Self.capacity + ggml_graph_overhead_custom(Self.capacity, false)
    context = ggml_init(ggml_init_params(mem_size: size, mem_buffer: nil, no_alloc: true))
  }

  deinit {
    ggml_free(context)
    shapes.forEach { $0.deallocate() }
  }

  /// A tensor to be set before every computation.
  ///
  /// - Parameters:
  ///   - name: how it is set.
  ///   - shape: sizes, fastest first.
  ///   - type: floats, or 32-bit integers such as indices.
  public func input(_ name: String, _ shape: [Int], type: ElementType = .float32) -> Tensor {
    let tensor = Tensor(pointer: newTensor(in: context, shape, type), builder: self)
    ggml_set_name(tensor.pointer, name)
    ggml_set_input(tensor.pointer)
    inputs[name] = tensor.pointer
    return tensor
  }

  /// Marks a tensor to be read after every computation.
  public func output(_ name: String, _ tensor: Tensor) {
    let result = ggml_is_contiguous(tensor.pointer) ? tensor : tensor.contiguous()
    ggml_set_output(result.pointer)
    outputs[name] = result.pointer
  }

  /// Memory that lives as long as the graph, for what a kernel of ours needs to know.
  func keep<Value: BitwiseCopyable>(_ value: Value) -> UnsafeMutableRawPointer {
    let pointer = UnsafeMutablePointer<Value>.allocate(capacity: 1)
    pointer.initialize(to: value)
    shapes.append(UnsafeMutableRawPointer(pointer))
    return UnsafeMutableRawPointer(pointer)
  }
}

/// What a tensor's elements are.
public enum ElementType: Sendable {
  /// IEEE 754, 32 bits.
  case float32
  /// Signed integers of 32 bits.
  case int32

  var ggml: ggml_type { self == .float32 ? GGML_TYPE_F32 : GGML_TYPE_I32 }
}

func newTensor(
  in context: OpaquePointer, _ shape: [Int], _ type: ElementType
) -> UnsafeMutablePointer<ggml_tensor> {
  let sizes = shape.map(Int64.init)
  guard let tensor = ggml_new_tensor(context, type.ggml, Int32(sizes.count), sizes) else {
    preconditionFailure("ggml's context is too small for another tensor")
  }
  return tensor
}

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

/// The memory that the graphs of a backend compute in, one at a time: as much as the largest has needed.
///
/// Memory of a graph's own would come from the system and go back to it with every new shape, page by page.
final class GraphMemory {
  let allocator: ggml_gallocr_t
  /// The graph that was laid out last. Only compared: it may be gone.
  var owner: ObjectIdentifier?

  init(_ backend: ggml_backend_t) {
    allocator = ggml_gallocr_new(ggml_backend_get_default_buffer_type(backend))
  }

  deinit {
    ggml_gallocr_free(allocator)
  }
}
