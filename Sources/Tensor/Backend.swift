import CGGML

/// An open device: it holds weights in its memory and computes graphs, one at a time.
///
/// Not `Sendable`: a backend, its weights and its graphs belong to one owner.
public final class Backend {
  /// The device it runs on.
  public let device: Device
  /// How many threads compute on a CPU.
  public let threads: Int
  let handle: ggml_backend_t
  let graphMemory: GraphMemory
  /// The bytes of all weights that are on it now, those that are mapped from a copy among them.
  package internal(set) var weightByteCount = 0
  /// Whether convolutions use our own CPU kernels, which need tensors in this process's memory.
  let usesOwnKernels: Bool

  /// Opens a device.
  ///
  /// - Parameters:
  ///   - device: which one; the CPU by default.
  ///   - threads: how many threads compute on a CPU; ``ProcessorLimits/threads`` by default.
  ///   - ownKernels: `false` uses only ggml's operations, as other devices do.
  /// - Throws: ``TensorError/deviceFailed(device:doing:)``, ``TensorError/deviceNotFound(name:available:)``.
  public init(device: Device? = nil, threads: Int? = nil, ownKernels: Bool = true) throws(TensorError) {
    let device = if let device { device } else { try Device.named("cpu") }
    guard let handle = ggml_backend_init_by_name(device.name, nil) else {
      throw .deviceFailed(device: device.name, doing: "opening")
    }
    self.device = device
    self.handle = handle
    graphMemory = GraphMemory(handle)
    usesOwnKernels = ownKernels && device.kind == .cpu
    self.threads = max(1, threads ?? ProcessorLimits.current.threads)
    if device.kind == .cpu {
      // ggml's threads wait for each other after every operation, spinning; with another process on one of
      // their cores that is many times slower than one thread. Our kernels share their own work instead.
      ggml_backend_cpu_set_n_threads(handle, usesOwnKernels ? 1 : Int32(self.threads))
    }
  }

  deinit {
    ggml_backend_free(handle)
  }
}
