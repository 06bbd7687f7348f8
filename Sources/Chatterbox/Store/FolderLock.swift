import Foundation

/// The right to change one model's folder, held by one task of one process at a time.
///
/// It is an `flock` on a file that is never deleted, so the system takes it back however a process ends.
struct FolderLock: ~Copyable {
  private let descriptor: Int32

  /// Takes the lock, waiting for whoever holds it.
  ///
  /// - Parameters:
  ///   - name: the model's name.
  ///   - models: the folder of all models; made if need be.
  ///   - waiting: called once when somebody else is at work, with the number of their process.
  /// - Throws: ``ModelStoreError`` when the folder is not writable; `CancellationError`.
  init(_ name: String, in models: URL, waiting: (Int32?) -> Void) async throws {
    let locks = models.appending(path: ".locks")
    let path = locks.appending(path: "\(name).lock").path
    try onDisk(name) { try FileManager.default.createDirectory(at: locks, withIntermediateDirectories: true) }
    let opened = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
    guard opened >= 0 else { throw ModelStoreError.disk(errno, name) }
    do {
      try await Self.wait(for: opened, path, name, waiting)
    } catch {
      close(opened)
      throw error
    }
    descriptor = opened
    let owner = Array("\(getpid())\n".utf8)
    ftruncate(opened, 0)
    _ = pwrite(opened, owner, owner.count, 0)
  }

  deinit { close(descriptor) }

  private static func wait(
    for descriptor: Int32, _ path: String, _ name: String, _ waiting: (Int32?) -> Void
  ) async throws {
    var hasWaited = false
    while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
      guard errno == EWOULDBLOCK || errno == EINTR else { throw ModelStoreError.disk(errno, name) }
      if !hasWaited {
        let owner = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
        waiting(Int32(owner.trimmingCharacters(in: .whitespacesAndNewlines)))
        hasWaited = true
      }
      try await Task.sleep(for: .milliseconds(200))
    }
  }
}
