internal import CGGML
internal import Foundation

/// A checkpoint's matrices in another type, kept beside it: `t3_cfg.safetensors` → `t3_cfg.q8_0.gguf`.
///
/// Converting takes seconds and is done once; the copy is mapped into memory, so that later loads read only
/// what they use. A copy that does not belong to the checkpoint as it is now is made again.
final class ConvertedMatrices {
  private static let sourceSizeKey = "chatterbox.source.size"
  private static let sourceDateKey = "chatterbox.source.modified"

  private let file: MappedFile
  private let header: OpaquePointer
  private let dataStart: Int
  let buffer: ggml_backend_buffer_t

  /// Opens a copy; `nil` when there is none that fits.
  init?(of checkpoint: Checkpoint, as form: Form) {
    let path = Self.path(of: checkpoint, form)
    guard let source = Source(path: checkpoint.path), let file = try? MappedFile(path: path, name: "copy"),
      let header = gguf_init_from_file(path, gguf_init_params(no_alloc: true, ctx: nil))
    else { return nil }
    guard Self.number(header, Self.sourceSizeKey) == source.size,
      Self.number(header, Self.sourceDateKey) == source.modified,
      let start = UnsafeMutableRawPointer(mutating: file.bytes.baseAddress),
      let buffer = ggml_backend_cpu_buffer_from_ptr(start, file.bytes.count)
    else {
      gguf_free(header)
      return nil
    }
    self.file = file
    self.header = header
    self.buffer = buffer
    dataStart = gguf_get_data_offset(header)
  }

  deinit {
    ggml_backend_buffer_free(buffer)
    gguf_free(header)
  }

  /// Points a declared matrix at its copy.
  ///
  /// - Returns: whether the file has it, of the same type and size.
  func attach(_ pointer: UnsafeMutablePointer<ggml_tensor>, key: String) -> Bool {
    let index = gguf_find_tensor(header, Self.name(of: key))
    guard index >= 0, gguf_get_tensor_type(header, index) == pointer.pointee.type,
      gguf_get_tensor_size(header, index) == ggml_nbytes(pointer)
    else { return false }
    let offset = dataStart + gguf_get_tensor_offset(header, index)
    guard offset >= 0, offset <= file.bytes.count - ggml_nbytes(pointer),
      let start = file.bytes.baseAddress
    else { return false }
    pointer.pointee.buffer = buffer
    pointer.pointee.data = UnsafeMutableRawPointer(mutating: start + offset)
    return true
  }

  /// Writes a copy. A folder that cannot be written is no error: the next load converts again.
  static func write(
    _ matrices: [(key: String, pointer: UnsafeMutablePointer<ggml_tensor>)], of checkpoint: Checkpoint,
    as form: Form
  ) {
    guard let source = Source(path: checkpoint.path), let header = gguf_init_empty() else { return }
    defer { gguf_free(header) }
    gguf_set_val_str(header, "general.architecture", "chatterbox")
    gguf_set_val_u64(header, sourceSizeKey, source.size)
    gguf_set_val_u64(header, sourceDateKey, source.modified)
    for (key, pointer) in matrices {
      ggml_set_name(pointer, name(of: key))
      gguf_add_tensor(header, pointer)
    }
    let path = path(of: checkpoint, form)
    let unfinished = "\(path).\(getpid()).part"
    defer { unlink(unfinished) }
    if gguf_write_to_file(header, unfinished, false) { rename(unfinished, path) }
  }

  /// A type of matrices, and whether they are in the order of our own kernel, which not every processor has.
  struct Form {
    let name: String

    init(_ type: WeightType, on backend: Backend) {
      name = type.rawValue + (PackedBlocks.serve(type, on: backend) ? ".packed" : "")
    }
  }

  static func path(of checkpoint: Checkpoint, _ form: Form) -> String {
    let url = URL(filePath: checkpoint.path)
    return url.deletingPathExtension().path + ".\(form.name).gguf"
  }

  /// ggml's names have at most 63 bytes, a checkpoint's keys have more.
  private static func name(of key: String) -> String {
    // FNV-1a, 64 bits.
    let hash = key.utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    return "k" + String(hash, radix: 16)
  }

  private static func number(_ header: OpaquePointer, _ key: String) -> UInt64? {
    let index = gguf_find_key(header, key)
    guard index >= 0, gguf_get_kv_type(header, index) == GGUF_TYPE_UINT64 else { return nil }
    return gguf_get_val_u64(header, index)
  }

  /// What tells one state of a file from another.
  private struct Source {
    let size: UInt64
    let modified: UInt64

    init?(path: String) {
      var status = stat()
      guard stat(path, &status) == 0 else { return nil }
      size = UInt64(status.st_size)
      #if os(Linux)
        let time = status.st_mtim
      #else
        let time = status.st_mtimespec
      #endif
      modified = UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec)
    }
  }
}
