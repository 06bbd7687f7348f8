import CProcess

/// How a server asks the system for memory.
enum ServerMemory {
  /// Has buffers of audio mapped each for itself, and given back when they are freed.
  ///
  /// glibc would raise the size from which it does so to that of the largest buffer that was ever freed; the heap,
  /// with short-lived buffers among answers that are kept, then grows for as long as the server runs.
  static func keepFlat() { set_mmap_threshold(64 << 10) }
}
