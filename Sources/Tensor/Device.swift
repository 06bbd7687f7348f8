import CGGML

/// Something that ggml can compute on: the CPU, a CUDA card, a Metal or Vulkan GPU.
public struct Device: Hashable, Sendable, Codable {
  /// What kind of device it is.
  public enum Kind: String, Hashable, Sendable, Codable {
    /// The processor, with its vector instructions.
    case cpu
    /// A graphics processor with memory of its own, or shared with the CPU.
    case gpu
    /// Something else that ggml knows, such as a BLAS library.
    case accelerator
  }

  /// ggml's name for it: `CPU`, `CUDA0`, `Metal`.
  public let name: String
  /// The maker's name for it.
  public let description: String
  /// What kind of device it is.
  public let kind: Kind
  /// Its memory in bytes.
  public let memory: Int

  /// Every device that the installed ggml offers.
  public static let all: [Device] = (0..<ggml_backend_dev_count()).compactMap { index in
    ggml_backend_dev_get(index).map(Device.init(handle:))
  }

  /// The device of a configuration's name.
  ///
  /// - Parameter name: `auto` (the first GPU, else the CPU), `cpu`, `cuda`, `cuda:1`, `metal`, `mps`,
  ///   `vulkan`, or ggml's own name.
  /// - Throws: ``TensorError/deviceNotFound(name:available:)``.
  public static func named(_ name: String) throws(TensorError) -> Device {
    let wanted = name.lowercased()
    if wanted == "auto" {
      if let device = all.first(where: { $0.kind == .gpu }) ?? all.first(where: { $0.kind == .cpu }) {
        return device
      }
    } else {
      let family = wanted.hasPrefix("mps") ? "metal" : wanted
      let ggmlName = family.replacing(":", with: "")
      let found = all.first { device in
        let known = device.name.lowercased()
        return known == ggmlName || known == ggmlName + "0" || (known.hasPrefix("mtl") && family == "metal")
      }
      if let found { return found }
    }
    throw .deviceNotFound(name: name, available: all.map(\.name))
  }

  /// The devices of a list: `cuda:0,cuda:1`.
  ///
  /// - Throws: ``TensorError/deviceNotFound(name:available:)`` for an unknown one, an empty place in the list,
  ///   and `auto` beside others; ``TensorError/deviceRepeated(name:)``.
  public static func list(_ names: String) throws(TensorError) -> [Device] {
    let parts = names.split(separator: ",", omittingEmptySubsequences: false)
      .map { $0.filter { !$0.isWhitespace } }
    var devices: [Device] = []
    for part in parts {
      guard !part.isEmpty, parts.count == 1 || part.lowercased() != "auto" else {
        throw .deviceNotFound(name: names, available: all.map(\.name))
      }
      let device = try named(part)
      guard !devices.contains(device) else { throw .deviceRepeated(name: device.name) }
      devices.append(device)
    }
    return devices
  }

  private init(handle: ggml_backend_dev_t) {
    var free = 0
    var total = 0
    ggml_backend_dev_memory(handle, &free, &total)
    name = String(cString: ggml_backend_dev_name(handle))
    description = String(cString: ggml_backend_dev_description(handle))
    memory = total
    kind =
      switch ggml_backend_dev_type(handle) {
      case GGML_BACKEND_DEVICE_TYPE_CPU: .cpu
      case GGML_BACKEND_DEVICE_TYPE_GPU, GGML_BACKEND_DEVICE_TYPE_IGPU: .gpu
      default: .accelerator
      }
  }
}
