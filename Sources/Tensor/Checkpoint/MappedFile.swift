#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// A file's bytes in memory, read by the system when they are first touched.
final class MappedFile {
  let bytes: UnsafeRawBufferPointer

  /// Maps a file. An empty file has no bytes.
  ///
  /// - Throws: ``TensorError/unreadableFile(name:reason:)``.
  init(path: String, name: String) throws(TensorError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw .unreadableFile(name: name, reason: "the file is missing or not readable")
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw .unreadableFile(name: name, reason: "it is not a regular file")
    }
    let size = Int(status.st_size)
    guard size > 0 else { throw .unreadableFile(name: name, reason: "the file is empty") }
    guard let start = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0), start != MAP_FAILED else {
      throw .unreadableFile(name: name, reason: "the system cannot map it into memory")
    }
    bytes = UnsafeRawBufferPointer(start: start, count: size)
  }

  deinit {
    munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count)
  }

  /// Tells the system that what was read need not stay in memory: most of it is read once.
  func forget() {
    madvise(UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count, MADV_DONTNEED)
  }

  /// A little-endian integer at a place that the caller has checked.
  func integer<Integer: FixedWidthInteger>(at offset: Int, as type: Integer.Type) -> Integer {
    Integer(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: type))
  }
}
