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
  private(set) var stores: [UnsafeMutablePointer<ggml_tensor>] = []
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
    let tensor = Tensor(pointer: newTensor(in: context, shape, type.ggml), builder: self)
    ggml_set_name(tensor.pointer, name)
    ggml_set_input(tensor.pointer)
    inputs[name] = tensor.pointer
    return tensor
  }

  /// Marks a tensor to be read after every computation.
  public func output(_ name: String, _ tensor: Tensor) {
    let result = tensor.inOrder
    ggml_set_output(result.pointer)
    outputs[name] = result.pointer
  }

  /// Marks a tensor to be computed although nothing reads it.
  func keepAlive(_ tensor: Tensor) { stores.append(tensor.pointer) }

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
  /// IEEE 754, 16 bits: for what is kept, not for what is computed.
  case float16
  /// Signed integers of 32 bits.
  case int32

  var ggml: ggml_type {
    switch self {
    case .float32: GGML_TYPE_F32
    case .float16: GGML_TYPE_F16
    case .int32: GGML_TYPE_I32
    }
  }
}

func newTensor(
  in context: OpaquePointer, _ shape: [Int], _ type: ggml_type
) -> UnsafeMutablePointer<ggml_tensor> {
  let sizes = shape.map(Int64.init)
  guard let tensor = ggml_new_tensor(context, type, Int32(sizes.count), sizes) else {
    preconditionFailure("ggml's context is too small for another tensor")
  }
  return tensor
}
