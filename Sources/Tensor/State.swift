internal import CGGML

/// Tensors that live on the device from one computation to the next, such as a KV cache.
public final class State {
  private let context: OpaquePointer
  private let buffer: ggml_backend_buffer_t
  /// The tensors, in the order of their shapes.
  public let tensors: [Tensor]

  /// Reserves tensors.
  ///
  /// - Parameters:
  ///   - backend: where they live.
  ///   - shapes: one tensor each, sizes fastest first.
  ///   - type: of their elements.
  ///   - isZeroed: `false` leaves them as they are, so that a system that gives memory when it is first
  ///     touched gives no more than is used.
  /// - Throws: ``TensorError/deviceFailed(device:doing:)`` when the memory does not suffice.
  public init(
    on backend: Backend, shapes: [[Int]], type: ElementType = .float32, isZeroed: Bool = true
  ) throws(TensorError) {
    let context = ggml_init(
      ggml_init_params(
        mem_size: ggml_tensor_overhead() * (shapes.count + 1), mem_buffer: nil, no_alloc: true))
    guard let context else { throw .deviceFailed(device: backend.device.name, doing: "reserving memory") }
    tensors = shapes.map { Tensor(pointer: newTensor(in: context, $0, type.ggml), builder: nil) }
    guard let buffer = ggml_backend_alloc_ctx_tensors(context, backend.handle) else {
      ggml_free(context)
      throw .deviceFailed(device: backend.device.name, doing: "reserving memory for a cache")
    }
    if isZeroed { ggml_backend_buffer_clear(buffer, 0) }
    self.context = context
    self.buffer = buffer
  }

  deinit {
    ggml_backend_buffer_free(buffer)
    ggml_free(context)
  }

  /// The bytes that the tensors take on the device.
  public var byteCount: Int { ggml_backend_buffer_get_size(buffer) }
}

extension GraphBuilder {
  /// A weight's or a state's tensor as part of this graph, to be the first operand of an expression.
  public func use(_ tensor: Tensor) -> Tensor { Tensor(pointer: tensor.pointer, builder: self) }

  /// Has `tensor` written over `destination`, of the same shape, whenever the graph is computed: before
  /// whatever is built on the tensor that this returns.
  public func store(_ tensor: Tensor, in destination: Tensor) -> Tensor {
    let stored = tensor.node(ggml_cpy(context, tensor.pointer, destination.pointer))
    keepAlive(stored)
    return stored
  }

  /// Has the rows of `tensor` [C, T] written to those rows of `destination` [C, N] that `indices` [T]
  /// (64-bit or 32-bit integers) name.
  public func store(_ tensor: Tensor, in destination: Tensor, rows indices: Tensor) -> Tensor {
    let stored = tensor.node(
      ggml_set_rows(context, destination.pointer, tensor.pointer, indices.pointer))
    keepAlive(stored)
    return stored
  }
}
