package import Audio
package import Foundation
import Synchronization

/// Audio in a bucket: an object for the bytes, one beside it for what is known of them.
///
/// The second one is written last and read first, so that audio exists whole or not at all.
package final class S3Storage: AudioStorage {
  private struct Notes {
    let audio: StoredAudio
    let end: ContinuousClock.Instant
  }

  private static let hashName = "sha256"
  private static let notesLimit = 1 << 16
  /// Of what is remembered.
  private static let countLimit = 10_000

  private let client: S3Client
  /// Another node may remove an audio, so this is not believed for long.
  private let life: Duration
  private let notes = Mutex<[String: Notes]>([:])
  /// The objects whose size and checksum were right.
  private let checked = Mutex<Set<String>>([])

  /// - Parameter notesLife: how long it takes until this node sees that another one has removed an audio.
  package init(_ client: S3Client, notesLife: Duration = .seconds(60)) {
    (self.client, life) = (client, notesLife)
  }

  package func keep(fileAt file: URL, format: AudioFormat) async throws(StorageError) -> StoredAudio {
    let audio = try StoredAudio(takingOver: file, format)
    guard let notes = try? audio.notes else { throw .damaged }
    do throws(S3Error) {
      try await client.put(
        fileAt: file, to: key(of: audio), contentType: format.mediaType,
        metadata: [Self.hashName: audio.sha256])
      guard try await isWhole(audio) else { throw .unexpected(status: 200) }
      try await client.put([UInt8](notes), to: notesKey(of: audio.id), contentType: "application/json")
    } catch {
      // A store that does not answer would not answer this either; cleaning finds the rest.
      if error != .unavailable { try? await remove(audio.id) }
      throw Self.storageError(error)
    }
    checked.withLock { Self.insert(audio.id, into: &$0) }
    remember(audio)
    try? FileManager.default.removeItem(at: file)
    return audio
  }

  package func audio(_ id: String) async throws(StorageError) -> StoredAudio? {
    guard StoredAudio.isID(id) else { return nil }
    if let known = notes.withLock({ $0[id] }), known.end > .now { return known.audio }
    let bytes: [UInt8]
    do throws(S3Error) {
      bytes = try await client.get(notesKey(of: id), atMost: Self.notesLimit)
    } catch {
      notes.withLock { $0[id] = nil }
      if error == .notFound { return nil }
      throw Self.storageError(error)
    }
    let audio = try StoredAudio(notes: Data(bytes), of: id)
    remember(audio)
    return audio
  }

  package func read(_ audio: StoredAudio, range: Range<Int>) async throws(StorageError) -> [UInt8] {
    guard range.lowerBound >= 0, range.upperBound <= audio.byteCount else { throw .damaged }
    do throws(S3Error) {
      if !checked.withLock({ $0.contains(audio.id) }) {
        guard try await isWhole(audio) else { throw .unexpected(status: 200) }
        checked.withLock { Self.insert(audio.id, into: &$0) }
      }
      let bytes = try await client.get(key(of: audio), range: range)
      guard bytes.count == range.count,
        range.count < audio.byteCount || SHA256Digest.hexadecimal(of: bytes) == audio.sha256
      else { throw .unexpected(status: 200) }
      return bytes
    } catch {
      forget(audio.id)
      // "Range not satisfiable": the object is shorter than it was.
      if error == .unexpected(status: 416) { throw .damaged }
      throw Self.storageError(error)
    }
  }

  package func remove(_ id: String) async throws(StorageError) {
    guard StoredAudio.isID(id) else { return }
    forget(id)
    do throws(S3Error) {
      // The notes may be gone already, and with them the format, so the list has to tell the names.
      try await client.delete(notesKey(of: id))
      for object in try await client.list(prefix: "\(client.location.prefix)\(id).").objects {
        try await client.delete(object.key)
      }
    } catch {
      throw Self.storageError(error)
    }
  }

  /// Deletes what is older, and what a crash left half-made.
  ///
  /// - Returns: how many audios were deleted.
  @discardableResult
  package func clean(olderThan age: Duration) async -> Int {
    let limit = Date.now.addingTimeInterval(-(age / .seconds(1)))
    let prefix = client.location.prefix
    var old: Set<String> = []
    var continuation: String?
    repeat {
      guard let page = try? await client.list(prefix: prefix, continuation: continuation) else { break }
      for object in page.objects where object.modified < limit {
        if let id = id(in: object.key) { old.insert(id) }
      }
      continuation = page.continuation
    } while continuation != nil
    var count = 0
    for id in old where (try? await remove(id)) != nil { count += 1 }
    _ = try? await client.abortOldUploads(prefix: prefix, olderThan: limit) { id(in: $0) != nil }
    return count
  }

  /// An address that gives an audio to whoever has it, for at most seven days.
  package func address(of audio: StoredAudio, for time: Duration) -> URL? {
    client.presignedURL(key(of: audio), expires: time, contentType: audio.format.mediaType)
  }

  /// What is wrong with the store, in a sentence without secrets; `nil` when nothing is.
  package func problem() async -> String? {
    do throws(S3Error) {
      try await client.headBucket()
      return nil
    } catch {
      return switch error {
      case .refused: "the object store refuses our keys"
      case .noSuchBucket, .notFound: "the bucket does not exist"
      case .unavailable, .unreadableFile: "the object store does not answer"
      case .unexpected(let status): "the object store answers with status \(status)"
      }
    }
  }

  private func isWhole(_ audio: StoredAudio) async throws(S3Error) -> Bool {
    let head = try await client.head(key(of: audio))
    return head.byteCount == audio.byteCount && head.sha256 == audio.sha256
  }

  private func key(of audio: StoredAudio) -> String {
    "\(client.location.prefix)\(audio.id).\(audio.format.rawValue)"
  }

  private func notesKey(of id: String) -> String { "\(client.location.prefix)\(id).json" }

  /// The audio that a key belongs to; `nil` for what others keep in the bucket.
  private func id(in key: String) -> String? {
    guard key.hasPrefix(client.location.prefix) else { return nil }
    let name = key.dropFirst(client.location.prefix.count)
    let (id, rest) = (String(name.prefix(32)), name.dropFirst(32))
    let isOurs = rest == ".json" || AudioFormat.allCases.contains { ".\($0.rawValue)" == rest }
    return isOurs && StoredAudio.isID(id) ? id : nil
  }

  private func remember(_ audio: StoredAudio) {
    let now = ContinuousClock.now
    notes.withLock { [life] notes in
      if notes.count >= Self.countLimit { notes = notes.filter { $0.value.end > now } }
      // Within one life they are all as good as each other, and come back with one request.
      if notes.count >= Self.countLimit { notes.removeAll() }
      notes[audio.id] = Notes(audio: audio, end: now + life)
    }
  }

  private func forget(_ id: String) {
    notes.withLock { $0[id] = nil }
    checked.withLock { _ = $0.remove(id) }
  }

  private static func insert(_ id: String, into checked: inout Set<String>) {
    if checked.count >= countLimit { checked.removeAll() }
    checked.insert(id)
  }
}

extension S3Storage {
  /// Of an answer that is not what it should be, only its being there is known: the bytes are damaged.
  private static func storageError(_ error: S3Error) -> StorageError {
    switch error {
    case .notFound, .unreadableFile: .gone
    case .unexpected(status: 200), .unexpected(status: 206): .damaged
    case .unexpected(status: 507): .noRoom
    case .refused, .noSuchBucket, .unavailable, .unexpected: .unavailable
    }
  }
}
