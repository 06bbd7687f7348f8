package import Audio
package import Foundation

/// Audio that is kept for somebody who comes back for it.
///
/// A driver records the SHA-256 of what it is given, and never gives back anything else.
package protocol AudioStorage: Sendable {
  /// Takes over a file.
  ///
  /// - Parameters:
  ///   - file: the audio, which is moved.
  ///   - format: what it is.
  /// - Throws: ``StorageError``.
  func keep(fileAt file: URL, format: AudioFormat) async throws(StorageError) -> StoredAudio

  /// What is known of an audio; `nil` when there is none of this identifier, or no longer.
  func audio(_ id: String) async throws(StorageError) -> StoredAudio?

  /// Bytes of an audio.
  ///
  /// - Throws: ``StorageError/damaged`` when they are not those that were kept.
  func read(_ audio: StoredAudio, range: Range<Int>) async throws(StorageError) -> [UInt8]

  /// Forgets an audio. One that does not exist is no error.
  func remove(_ id: String) async throws(StorageError)

  /// Deletes what is older, and what a crash left half-made.
  ///
  /// - Returns: how many audios were deleted.
  @discardableResult
  func clean(olderThan age: Duration) async -> Int

  /// What keeps it from working, for people who look after the node; `nil` when nothing does.
  func problem() async -> String?

  /// An address where anybody who has it can fetch an audio for a time, past this node.
  ///
  /// - Returns: `nil` when there is no such way.
  func address(of audio: StoredAudio, for time: Duration) -> URL?
}

extension AudioStorage {
  package func problem() async -> String? { nil }
  package func address(of audio: StoredAudio, for time: Duration) -> URL? { nil }
}

/// What is known of a kept audio.
package struct StoredAudio: Codable, Hashable, Sendable {
  /// 32 hexadecimal digits that cannot be guessed.
  package let id: String
  package let format: AudioFormat
  package let byteCount: Int
  /// In lower-case hexadecimal.
  package let sha256: String
  package let created: Date
}

/// Why audio could not be kept or given back.
package enum StorageError: Error, Hashable, Sendable {
  /// The disk is full, or the folder is not writable.
  case noRoom
  /// The bytes are not those that were kept.
  case damaged
  /// It was there, and is no longer.
  case gone
  /// The store does not answer, or refuses us.
  case unavailable
}

extension StoredAudio {
  /// A new identifier.
  package static func newID() -> String {
    (0..<4).map { _ in
      let word = String(UInt32.random(in: 0 ... .max), radix: 16)
      return String(repeating: "0", count: 8 - word.count) + word
    }.joined()
  }

  /// Whether a text can be an identifier; anything else never reaches a file's name.
  package static func isID(_ text: String) -> Bool {
    text.utf8.count == 32
      && text.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
  }
}
