import Audio
import Foundation

// What every store writes down of an audio, and checks.
extension StoredAudio {
  /// What is known of a file that a store takes over, under a new identifier.
  ///
  /// - Throws: ``StorageError/gone`` when there is no such file; ``StorageError/damaged`` when it cannot be read.
  init(takingOver file: URL, _ format: AudioFormat) throws(StorageError) {
    let (sha256, byteCount) = try Self.digest(of: file)
    self.init(id: Self.newID(), format: format, byteCount: byteCount, sha256: sha256, created: .now)
  }

  /// What stands beside the audio, in JSON.
  var notes: Data {
    get throws {
      let encoder = JSONEncoder()
      encoder.dateEncodingStrategy = .secondsSince1970
      return try encoder.encode(self)
    }
  }

  /// - Throws: ``StorageError/damaged`` when these are not the notes of an audio of this identifier.
  init(notes: Data, of id: String) throws(StorageError) {
    let decoder = JSONDecoder()
    decoder.dateDecodingStrategy = .secondsSince1970
    guard let audio = try? decoder.decode(StoredAudio.self, from: notes), audio.id == id else {
      throw .damaged
    }
    self = audio
  }

  /// A file's SHA-256 and length, read in blocks.
  static func digest(of file: URL) throws(StorageError) -> (sha256: String, byteCount: Int) {
    guard let handle = try? FileHandle(forReadingFrom: file) else { throw .gone }
    defer { try? handle.close() }
    var digest = SHA256Digest()
    var byteCount = 0
    do {
      while let data = try handle.read(upToCount: 1 << 20), !data.isEmpty {
        digest.update([UInt8](data))
        byteCount += data.count
      }
    } catch {
      throw .damaged
    }
    return (digest.hexadecimal, byteCount)
  }
}
