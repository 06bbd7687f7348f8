import Foundation

#if canImport(Glibc)
  import CoreFoundation
#endif

/// Files that are still there after the power has gone.
enum DurableFile {
  /// Why a file could not be made durable: the system's error number.
  struct Failure: Error, Hashable {
    let code: Int32

    init() { code = errno }
  }

  /// Writes a file under its name only when it is whole and on the disk.
  static func write(_ data: Data, to file: URL) throws {
    let partial = file.appendingPathExtension("partial")
    try data.write(to: partial)
    try synchronize(partial)
    try move(partial, to: file)
  }

  /// Gives a file another name, and waits until the folder knows it.
  static func move(_ file: URL, to place: URL) throws(Failure) {
    guard rename(file.path, place.path) == 0 else { throw Failure() }
    try synchronize(place.deletingLastPathComponent())
  }

  /// Waits until a file, or a folder's names, are on the disk.
  static func synchronize(_ file: URL) throws(Failure) {
    let descriptor = open(file.path, O_RDONLY)
    guard descriptor >= 0 else { throw Failure() }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw Failure() }
  }
}

/// What changes when a file does.
struct FileStamp: Hashable, Sendable {
  private let inode: UInt64
  private let size: Int64
  private let seconds: Int
  private let nanoseconds: Int

  /// `nil` when there is no such file.
  init?(of file: URL) {
    var status = stat()
    guard stat(file.path, &status) == 0 else { return nil }
    #if os(macOS)
      let time = status.st_mtimespec
    #else
      let time = status.st_mtim
    #endif
    inode = UInt64(status.st_ino)
    size = Int64(status.st_size)
    (seconds, nanoseconds) = (time.tv_sec, time.tv_nsec)
  }
}
