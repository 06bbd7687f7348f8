package import Chatterbox
import Foundation

/// A growing file that nothing but this value can reach.
///
/// It has no name: the system frees it when it is closed, even if the server is killed.
final class RecordingFile: Sendable {
  private let handle: FileHandle
  private let descriptor: Int32

  /// - Parameter directory: where the bytes are kept.
  /// - Throws: ``ChatterboxError`` when there is no room, or the folder is not writable.
  init(in directory: URL) throws(ChatterboxError) {
    var path = Array(directory.appending(path: "recording-XXXXXX").path.utf8CString)
    let descriptor = path.withUnsafeMutableBufferPointer { path in
      path.baseAddress.map { mkstemp($0) } ?? -1
    }
    guard descriptor >= 0 else { throw .noRoom }
    unlink(path)
    handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    self.descriptor = descriptor
  }

  /// Writes at a place, whole.
  func write(_ bytes: [UInt8], at offset: Int) throws(ChatterboxError) {
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeBytes { bytes in
        bytes.baseAddress.map { pwrite(descriptor, $0 + done, bytes.count - done, off_t(offset + done)) }
          ?? -1
      }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw .noRoom }
      done += count
    }
  }

  /// Reads a range that has been written.
  func read(_ range: Range<Int>) throws(ChatterboxError) -> [UInt8] {
    let bytes = [UInt8](unsafeUninitializedCapacity: range.count) { buffer, count in
      count = 0
      while count < range.count, let start = buffer.baseAddress {
        let read = pread(descriptor, start + count, range.count - count, off_t(range.lowerBound + count))
        if read < 0, errno == EINTR { continue }
        guard read > 0 else { break }
        count += read
      }
    }
    guard bytes.count == range.count else { throw .noRoom }
    return bytes
  }
}

extension ChatterboxError {
  /// The disk is full, or the folder for temporary files is not writable.
  package static let noRoom = ChatterboxError(
    .outputNotWritable, "The server has no room for audio: its disk is full or not writable.")
}
