import CGGML

/// A network's weights in a device's memory, named after the checkpoint's keys.
///
/// Fill it with ``add(_:shape:fill:)``, then call ``upload()`` once; only then do the tensors have values.
public final class Weights {
  /// Writes a weight's values, in the order of its shape.
  public typealias Fill = (UnsafeMutableBufferPointer<Float>) -> Void

  /// What a weight is written with.
  private enum Content {
    case floats(Fill)
    /// Bytes in an order of our own, for tensors in this process's memory.
    case bytes((UnsafeMutableRawPointer) -> Void)
  }

  let backend: Backend
  /// How the matrices of linear layers are stored.
  public let matrixType: WeightType
  private let context: OpaquePointer
  private var buffer: ggml_backend_buffer_t?
  private var pending: [(pointer: UnsafeMutablePointer<ggml_tensor>, content: Content)] = []
  /// The checkpoint that converted matrices are kept beside.
  private var checkpoint: Checkpoint?
  private let converted: ConvertedMatrices?
  /// The file that tables stay in.
  private var mapped: (file: MappedFile, buffer: ggml_backend_buffer_t)?
  /// The bytes of the linear layers' matrices, whether they lie on the device or are mapped.
  public private(set) var matrixByteCount = 0
  private var weightByteCount = 0
  private var matrices: [(key: String, pointer: UnsafeMutablePointer<ggml_tensor>)] = []

  /// Prepares room for `capacity` tensors.
  ///
  /// - Parameters:
  ///   - backend: where they will live.
  ///   - capacity: the most tensors that will be added.
  ///   - matrixType: how the matrices of linear layers are stored.
  ///   - checkpoint: the file whose converted matrices are kept beside it, so that they are converted once.
  public init(
    on backend: Backend, capacity: Int, matrixType: WeightType = .float32,
    keptBeside checkpoint: Checkpoint? = nil
  ) {
    self.backend = backend
    self.matrixType = matrixType
    let keeps = backend.device.kind == .cpu && matrixType != .float32
    self.checkpoint = keeps ? checkpoint : nil
    converted = self.checkpoint.flatMap {
      ConvertedMatrices(of: $0, as: ConvertedMatrices.Form(matrixType, on: backend))
    }
    context = ggml_init(
      ggml_init_params(
        mem_size: ggml_tensor_overhead() * capacity, mem_buffer: nil, no_alloc: true))
  }

  deinit {
    backend.weightByteCount -= weightByteCount
    if let buffer { ggml_backend_buffer_free(buffer) }
    if let mapped { ggml_backend_buffer_free(mapped.buffer) }
    ggml_free(context)
  }

  /// Declares a weight.
  ///
  /// - Parameters:
  ///   - name: the checkpoint's key.
  ///   - shape: sizes, fastest first.
  ///   - fill: writes the values when they are uploaded.
  public func add(_ name: String, shape: [Int], fill: @escaping Fill) -> Tensor {
    add(name, shape: shape, type: .float32, fill: fill)
  }

  /// Declares a weight that is stored in a type, whose blocks its rows fit.
  func add(_ name: String, shape: [Int], type: WeightType, fill: @escaping Fill) -> Tensor {
    add(name, shape, type.ggml, isConverted: type != .float32, .floats(fill))
  }

  /// Declares a weight of bytes that only a kernel of ours reads.
  func addBytes(_ name: String, count: Int, fill: @escaping (UnsafeMutableRawPointer) -> Void) -> Tensor {
    add(name, [count], GGML_TYPE_I8, isConverted: true, .bytes(fill))
  }

  private func add(
    _ name: String, _ shape: [Int], _ type: ggml_type, isConverted: Bool, _ content: Content
  ) -> Tensor {
    precondition(buffer == nil, "weights are added before they are uploaded")
    let pointer = newTensor(in: context, shape, type)
    ggml_set_name(pointer, name)
    if isConverted { matrixByteCount += ggml_nbytes(pointer) }
    count(ggml_nbytes(pointer))
    if isConverted, checkpoint != nil {
      if let converted, converted.attach(pointer, key: name) {
        return Tensor(pointer: pointer, builder: nil)
      }
      matrices.append((name, pointer))
    }
    pending.append((pointer, content))
    return Tensor(pointer: pointer, builder: nil)
  }

  /// Declares a weight whose values are at hand.
  public func add(_ name: String, shape: [Int], _ values: [Float]) -> Tensor {
    precondition(values.count == shape.reduce(1, *), "'\(name)' needs as many values as its shape has")
    return add(name, shape: shape) { destination in _ = destination.initialize(from: values) }
  }

  /// Declares a table of which only some rows are ever read. On the CPU it stays in its file, whose pages the
  /// system reads when they are wanted.
  ///
  /// - Parameters:
  ///   - key: the checkpoint's key.
  ///   - shape: sizes, fastest first; those of the file, reversed.
  ///   - checkpoint: the file, whose key and shape have been checked.
  public func table(_ key: String, shape: [Int], in checkpoint: Checkpoint) -> Tensor {
    guard backend.device.kind == .cpu, let start = checkpoint.floatsInPlace(key) else {
      return add(key, shape: shape, checkpoint.checkedTensor(key).values)
    }
    let pointer = newTensor(in: context, shape, GGML_TYPE_F32)
    ggml_set_name(pointer, key)
    pointer.pointee.buffer = buffer(of: checkpoint.file)
    pointer.pointee.data = UnsafeMutableRawPointer(mutating: start)
    return Tensor(pointer: pointer, builder: nil)
  }

  private func buffer(of file: MappedFile) -> ggml_backend_buffer_t? {
    if let mapped, mapped.file === file { return mapped.buffer }
    let start = UnsafeMutableRawPointer(mutating: file.bytes.baseAddress)
    guard let buffer = ggml_backend_cpu_buffer_from_ptr(start, file.bytes.count) else {
      preconditionFailure("ggml makes a buffer of any memory")
    }
    mapped = (file, buffer)
    return buffer
  }

  /// Reserves the device's memory and writes every weight into it.
  ///
  /// - Throws: ``TensorError/deviceFailed(device:doing:)`` when the memory does not suffice.
  public func upload() throws(TensorError) {
    defer {
      checkpoint?.forget()
      checkpoint = nil
    }
    // All of a network's matrices may lie in the copy.
    guard !pending.isEmpty else { return }
    guard let buffer = ggml_backend_alloc_ctx_tensors(context, backend.handle) else {
      throw .deviceFailed(device: backend.device.name, doing: "reserving memory for weights")
    }
    ggml_backend_buffer_set_usage(buffer, GGML_BACKEND_BUFFER_USAGE_WEIGHTS)
    self.buffer = buffer
    for (pointer, content) in pending {
      switch content {
      case .floats(let fill): write(fill, to: pointer)
      case .bytes(let fill): fill(pointer.pointee.data)
      }
    }
    pending = []
    // What a copy lacked makes all of it doubtful, but only a whole one is worth keeping.
    if let checkpoint, converted == nil, !matrices.isEmpty {
      ConvertedMatrices.write(matrices, of: checkpoint, as: ConvertedMatrices.Form(matrixType, on: backend))
    }
    matrices = []
  }

  private func write(_ fill: Fill, to pointer: UnsafeMutablePointer<ggml_tensor>) {
    let (type, count) = (pointer.pointee.type, Int(ggml_nelements(pointer)))
    if type == GGML_TYPE_F32, ggml_backend_buffer_is_host(pointer.pointee.buffer) {
      fill(
        UnsafeMutableBufferPointer(
          start: pointer.pointee.data.assumingMemoryBound(to: Float.self), count: count))
      return
    }
    withUnsafeTemporaryAllocation(of: Float.self, capacity: count) { values in
      fill(values)
      guard type != GGML_TYPE_F32 else {
        return ggml_backend_tensor_set(pointer, values.baseAddress, 0, ggml_nbytes(pointer))
      }
      withUnsafeTemporaryAllocation(byteCount: ggml_nbytes(pointer), alignment: 64) { converted in
        let columns = pointer.pointee.ne.0
        ggml_quantize_chunk(
          type, values.baseAddress, converted.baseAddress, 0, Int64(count) / columns, columns, nil)
        ggml_backend_tensor_set(pointer, converted.baseAddress, 0, converted.count)
      }
    }
  }

  private func count(_ bytes: Int) {
    weightByteCount += bytes
    backend.weightByteCount += bytes
  }

  /// The bytes that the weights take on the device.
  public var byteCount: Int { buffer.map(ggml_backend_buffer_get_size) ?? 0 }
}
