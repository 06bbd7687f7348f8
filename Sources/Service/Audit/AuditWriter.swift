import Foundation

/// The end of the chain, and the file it is in.
struct AuditWriter: Sendable {
  let chain: AuditChain
  private let directory: URL
  private let configuration: AuditConfiguration
  private let systemWrite: AuditLog.Write

  private(set) var head = AuditHead()
  private var lock: AuditDescriptor?
  private var file: AuditDescriptor?
  private var size = 0
  private var day = Int.min
  /// A part of a line could not be taken back; nothing may come after it.
  private var isTorn = false

  /// Continues the chain in a folder, or begins one.
  ///
  /// - Parameter witness: what an ``AuditWitness`` has of it.
  /// - Returns: also what has to be noted of how it was found.
  static func open(
    in directory: URL, configuration: AuditConfiguration, witness: Data?, write: @escaping AuditLog.Write
  ) throws -> (AuditWriter, notes: [AuditItem]) {
    var writer = AuditWriter(directory, configuration, write)
    var notes = try writer.recover()
    notes += try writer.compareHead(witness)
    return (writer, notes)
  }

  private init(_ directory: URL, _ configuration: AuditConfiguration, _ write: @escaping AuditLog.Write) {
    (self.directory, self.configuration, systemWrite) = (directory, configuration, write)
    chain = AuditChain(secret: configuration.secret)
  }

  /// Appends entries: all of them, or none.
  mutating func append(_ items: [AuditItem]) throws {
    guard lock != nil else { throw AuditError.closed }
    var (end, bytes, latest) = (head, Data(), day)
    for item in items {
      let (entry, line) = try chain.entry(item, after: end, keepsText: configuration.keepsText)
      bytes += line
      bytes.append(10)
      end = AuditHead(sequence: entry.sequence, hash: entry.hash)
      latest = max(latest, Self.day(of: entry))
    }
    if latest > day || size + bytes.count > configuration.maxFileBytes { try rotate() }
    let file = try self.file ?? create()
    do {
      if isTorn { try cut(file) }
      try file.write(bytes, using: systemWrite)
    } catch {
      try? cut(file)
      throw error
    }
    (head, day) = (end, latest)
    size += bytes.count
  }

  /// Lets the next entry begin a file; what is there is on the disk then, and no longer changes.
  mutating func rotate() throws {
    guard size > 0, let file else { return }
    if isTorn { try cut(file) }
    try file.synchronize()
    (self.file, size, day) = (nil, 0, .min)
  }

  /// Ends it; another log can have the folder.
  mutating func close() {
    (file, lock) = (nil, nil)
  }

  /// What brings all that is written so far onto the disk, for a thread that may wait.
  func synchronization() -> @Sendable () throws -> Void {
    { [file, head, directory, chain] in
      try file?.synchronize()
      try DurableFile.write(head.sealed(by: chain), to: AuditFile.head(in: directory))
    }
  }

  private mutating func create() throws -> AuditDescriptor {
    let created = try AuditDescriptor(
      AuditFile(first: head.sequence + 1, in: directory).url, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW)
    try DurableFile.synchronize(directory)
    file = created
    return created
  }

  private mutating func cut(_ file: AuditDescriptor) throws(AuditError) {
    isTorn = true
    guard ftruncate(file.number, off_t(size)) == 0 else { throw .system(errno) }
    isTorn = false
  }

  private mutating func recover() throws -> [AuditItem] {
    try FileManager.default.createDirectory(
      at: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    let lock = try AuditDescriptor(directory, O_RDONLY | O_DIRECTORY)
    guard flock(lock.number, LOCK_EX | LOCK_NB) == 0 else { throw AuditError.inUse }
    self.lock = lock
    // What a crash left of an erasure; the file it was to replace is still whole.
    for name in try FileManager.default.contentsOfDirectory(atPath: directory.path)
    where name.hasSuffix(".partial") {
      try FileManager.default.removeItem(at: directory.appending(path: name))
    }
    return try findEnd()
  }

  private mutating func findEnd() throws -> [AuditItem] {
    var notes: [AuditItem] = []
    for found in try AuditFile.all(in: directory).reversed() {
      let (entry, end, size) = try found.tail()
      if file == nil {
        let opened = try AuditDescriptor(found.url, O_WRONLY | O_APPEND | O_NOFOLLOW)
        (file, self.size) = (opened, end)
        if end < size {
          try cut(opened)
          notes.append(AuditItem(.recovered, .init(bytes: size - end)))
        }
      }
      guard let entry else { continue }
      guard try chain.hash(AuditChain.canonical(entry.core), after: entry.previous) == entry.hash else {
        throw AuditError.damaged
      }
      (head, day) = (AuditHead(sequence: entry.sequence, hash: entry.hash), Self.day(of: entry))
      break
    }
    return notes
  }

  /// The head is written anew soon; what it says of a tail that is gone has to be noted before.
  private func compareHead(_ witness: Data?) throws -> [AuditItem] {
    let ends = AuditKnownEnds(in: directory, chain, witness: witness)
    if ends.head == nil, witness == nil, head.sequence == 0 {
      // From now on it is missed when it is gone.
      try synchronization()()
      return []
    }
    let gone = ends.all.filter {
      $0.sequence > head.sequence || ($0.sequence == head.sequence && $0.hash != head.hash)
    }.max { $0.sequence < $1.sequence }
    guard ends.head == nil || gone != nil else { return [] }
    return [AuditItem(.truncated, .init(hash: gone?.hash, sequence: gone?.sequence))]
  }

  private static func day(of entry: AuditEntry) -> Int { entry.core.timeMilliseconds / 86_400_000 }
}
