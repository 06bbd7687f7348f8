import CGGML

/// A network's weights in a device's memory, named after the checkpoint's keys.
///
/// Fill it with ``add(_:shape:fill:)``, then call ``upload()`` once; only then do the tensors have values.
public final class Weights {
  /// Writes a weight's values, in the order of its shape.
  public typealias Fill = (UnsafeMutableBufferPointer<Float>) -> Void

  let backend: Backend
  private let context: OpaquePointer
  private var buffer: ggml_backend_buffer_t?
  private var pending: [(pointer: UnsafeMutablePointer<ggml_tensor>, fill: Fill)] = []

  /// Prepares room for `capacity` tensors.
  public init(on backend: Backend, capacity: Int) {
    self.backend = backend
    context = ggml_init(
      ggml_init_params(
        mem_size: ggml_tensor_overhead() * capacity, mem_buffer: nil, no_alloc: true))
  }

  deinit {
    if let buffer { ggml_backend_buffer_free(buffer) }
    ggml_free(context)
  }

  /// Declares a weight.
  ///
  /// - Parameters:
  ///   - name: the checkpoint's key.
  ///   - shape: sizes, fastest first.
  ///   - fill: writes the values when they are uploaded.
  public func add(_ name: String, shape: [Int], fill: @escaping Fill) -> Tensor {
    precondition(buffer == nil, "weights are added before they are uploaded")
    let pointer = newTensor(in: context, shape, .float32)
    ggml_set_name(pointer, name)
    pending.append((pointer, fill))
    return Tensor(pointer: pointer, builder: nil)
  }

  /// Declares a weight whose values are at hand.
  public func add(_ name: String, shape: [Int], _ values: [Float]) -> Tensor {
    precondition(values.count == shape.reduce(1, *), "'\(name)' needs as many values as its shape has")
    return add(name, shape: shape) { destination in _ = destination.initialize(from: values) }
  }

  /// Reserves the device's memory and writes every weight into it.
  ///
  /// - Throws: ``TensorError/deviceFailed(device:doing:)`` when the memory does not suffice.
  public func upload() throws(TensorError) {
    guard let buffer = ggml_backend_alloc_ctx_tensors(context, backend.handle) else {
      throw .deviceFailed(device: backend.device.name, doing: "reserving memory for weights")
    }
    ggml_backend_buffer_set_usage(buffer, GGML_BACKEND_BUFFER_USAGE_WEIGHTS)
    self.buffer = buffer
    for (pointer, fill) in pending {
      let count = Int(ggml_nelements(pointer))
      withUnsafeTemporaryAllocation(of: Float.self, capacity: count) { values in
        fill(values)
        ggml_backend_tensor_set(pointer, values.baseAddress, 0, count * MemoryLayout<Float>.size)
      }
    }
    pending = []
  }

  /// The bytes that the weights take on the device.
  public var byteCount: Int { buffer.map(ggml_backend_buffer_get_size) ?? 0 }
}
