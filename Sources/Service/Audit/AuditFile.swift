import Foundation

/// A file of the log. It is named by its first entry.
struct AuditFile: Hashable, Sendable {
  let url: URL
  let first: Int

  var name: String { url.lastPathComponent }

  /// The file that begins with an entry, whether there is one or not.
  init(first: Int, in directory: URL) {
    let digits = String(first)
    let zeros = String(repeating: "0", count: max(0, 12 - digits.count))
    (url, self.first) = (directory.appending(path: "audit-\(zeros)\(digits).jsonl"), first)
  }

  /// All of them, the oldest first.
  static func all(in directory: URL) throws -> [AuditFile] {
    try FileManager.default.contentsOfDirectory(atPath: directory.path).compactMap { name in
      guard name.hasPrefix("audit-"), name.hasSuffix(".jsonl"),
        let first = Int(name.dropFirst(6).dropLast(6)), first > 0
      else { return nil }
      let file = AuditFile(first: first, in: directory)
      return file.name == name ? file : nil
    }.sorted { $0.first < $1.first }
  }

  /// Asked for again after each file, since a log that is in use gets new ones and loses old ones.
  static func next(after file: AuditFile?, in directory: URL) throws -> AuditFile? {
    try all(in: directory).first { $0.first > file?.first ?? 0 }
  }

  static func head(in directory: URL) -> URL { directory.appending(path: "head.json") }

  /// Its lines; `nil` when it was removed since it was listed.
  func lines() throws(AuditError) -> AuditLines? {
    do {
      return try AuditLines(url)
    } catch {
      guard error == .system(ENOENT) else { throw error }
      return nil
    }
  }

  /// The last entry of a file, and where it ends.
  func tail() throws -> (entry: AuditEntry?, end: Int, size: Int) {
    let lines = try AuditLines(url)
    var last: Data?
    var (end, size) = (0, 0)
    while let line = try lines.next() {
      size = lines.offset
      if line.isWhole { (last, end) = (line.bytes, lines.offset) }
    }
    guard let last else { return (nil, end, size) }
    guard let entry = AuditEntry.read(last) else { throw AuditError.damaged }
    return (entry, end, size)
  }
}

/// Why the log cannot be used.
package enum AuditError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Another process, or another log of this one, writes in the folder.
  case inUse
  /// It has been closed.
  case closed
  /// The last entry is not of this chain: it was edited, or the secret is another one.
  case damaged
  /// The system's error number.
  case system(Int32)

  package var description: String {
    switch self {
    case .inUse:
      "Another server writes the audit log in server.data_dir: stop it, or give this one its own folder."
    case .closed: "The audit log has been closed."
    case .damaged:
      "The end of the audit log in server.data_dir is not as it was written, or security.audit.secret is another "
        + "one than before. 'chatterbox audit verify' says what is wrong. To begin a new log, move the folder audit away."
    case .system(let number):
      "The audit log in server.data_dir cannot be written: \(String(cString: strerror(number)))."
    }
  }
}

/// An open file, which is closed with its last owner.
final class AuditDescriptor: Sendable {
  let number: Int32

  init(_ url: URL, _ flags: Int32) throws(AuditError) {
    // Not for the programs that are started while it is open: they would hold the folder's lock.
    number = open(url.path, flags | O_CLOEXEC, 0o600)
    guard number >= 0 else { throw .system(errno) }
  }

  deinit { close(number) }

  func synchronize() throws(AuditError) {
    guard fsync(number) == 0 else { throw .system(errno) }
  }

  /// Writes all of it.
  func write(_ data: Data, using write: AuditLog.Write) throws(AuditError) {
    var written = 0
    while written < data.count {
      let count = data.withUnsafeBytes { write(number, UnsafeRawBufferPointer(rebasing: $0[written...])) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw .system(count < 0 ? errno : EIO) }
      written += count
    }
  }
}

/// The lines of a file, one after another. It never holds more than one of them.
final class AuditLines {
  struct Line {
    let bytes: Data
    /// Whether the line has an end; only a file's last one can have none.
    let isWhole: Bool
  }

  private static let longest = 16 << 20
  private static let chunk = 256 << 10

  private let descriptor: AuditDescriptor
  private var buffer: [UInt8] = []
  private var start = 0
  private var searched = 0
  /// How many bytes the lines so far have.
  private(set) var offset = 0

  init(_ url: URL) throws(AuditError) {
    descriptor = try AuditDescriptor(url, O_RDONLY)
  }

  func next() throws(AuditError) -> Line? {
    var dropped = 0
    while true {
      if let end = lineEnd() {
        // A line that is too long is nobody's. Its end alone might pass for an entry.
        let line = Line(bytes: dropped > 0 ? Data() : Data(buffer[start..<end]), isWhole: true)
        offset += dropped + end + 1 - start
        (start, searched) = (end + 1, end + 1)
        return line
      }
      if buffer.count - start > Self.longest {
        dropped += buffer.count - start
        start = buffer.count
      }
      buffer.removeFirst(start)
      (start, searched) = (0, buffer.count)
      guard try fill() else {
        guard !buffer.isEmpty || dropped > 0 else { return nil }
        let line = Line(bytes: Data(buffer), isWhole: false)
        offset += dropped + buffer.count
        (buffer, searched) = ([], 0)
        return line
      }
    }
  }

  /// Goes back to where a line began that had no end yet, in case that it gets one.
  func goBack(to offset: Int) throws(AuditError) {
    guard lseek(descriptor.number, off_t(offset), SEEK_SET) >= 0 else { throw .system(errno) }
    (buffer, start, searched, self.offset) = ([], 0, 0, offset)
  }

  private func lineEnd() -> Int? {
    buffer.withUnsafeBytes { bytes in
      guard searched < bytes.count, let base = bytes.baseAddress,
        let found = memchr(base + searched, 10, bytes.count - searched)
      else { return nil }
      return base.distance(to: UnsafeRawPointer(found))
    }
  }

  private func fill() throws(AuditError) -> Bool {
    var bytes = [UInt8](repeating: 0, count: Self.chunk)
    var count = read(descriptor.number, &bytes, bytes.count)
    while count < 0, errno == EINTR { count = read(descriptor.number, &bytes, bytes.count) }
    guard count >= 0 else { throw .system(errno) }
    buffer += bytes[..<count]
    return count > 0
  }
}
