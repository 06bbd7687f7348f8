internal import CSndfile

/// Bytes in memory in the role of libsndfile's file, so that an upload need not touch the disk.
struct SndfileMemory {
  private let bytes: UnsafeRawBufferPointer
  /// May lie behind the end, as a file's may.
  private var position = 0

  init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  /// The functions that libsndfile calls; their last argument points to a `SndfileMemory`.
  static let callbacks = SF_VIRTUAL_IO(
    get_filelen: { Int64(SndfileMemory.at($0).pointee.bytes.count) },
    seek: { SndfileMemory.at($2).pointee.seek($0, from: $1) },
    read: { SndfileMemory.at($2).pointee.read(into: $0, count: $1) },
    write: { _, _, _ in 0 },
    tell: { Int64(SndfileMemory.at($0).pointee.position) })

  private static func at(_ context: UnsafeMutableRawPointer?) -> UnsafeMutablePointer<SndfileMemory> {
    guard let context else { preconditionFailure("libsndfile dropped the context it was opened with") }
    return context.assumingMemoryBound(to: SndfileMemory.self)
  }

  /// The new position, or −1 when it would lie before the start.
  private mutating func seek(_ offset: Int64, from whence: Int32) -> Int64 {
    let origin =
      switch whence {
      case SEEK_CUR: position
      case SEEK_END: bytes.count
      default: 0
      }
    let (target, overflow) = origin.addingReportingOverflow(Int(offset))
    guard !overflow, target >= 0 else { return -1 }
    position = target
    return Int64(target)
  }

  private mutating func read(into destination: UnsafeMutableRawPointer?, count: Int64) -> Int64 {
    let available = min(Int(count), bytes.count - position)
    guard available > 0, let source = bytes.baseAddress else { return 0 }
    destination?.copyMemory(from: source + position, byteCount: available)
    position += available
    return Int64(available)
  }
}
