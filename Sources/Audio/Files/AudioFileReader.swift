package import Foundation

/// Reads WAV, FLAC, MP3 and OGG (Vorbis, Opus, FLAC) of any rate and channel count, and mixes it down to mono.
///
/// A mono sample is the mean of its frame's channels, as `librosa.load` makes it. WAV is read by
/// ``WAVReader``, the rest by libsndfile. Memory is in proportion to what the limits allow.
package enum AudioFileReader {
  /// What may be uploaded, for messages.
  package static let formats = "WAV, FLAC, MP3 or OGG (Vorbis or Opus)"

  /// Decodes a whole file that is held in memory, at its own rate.
  ///
  /// - Throws: What is wrong with the file. One that is shorter than it says is refused; OGG, which says so
  ///   only at its end, is read as far as it goes.
  package static func read(
    _ bytes: [UInt8], limits: AudioFileLimits = AudioFileLimits()
  ) throws(AudioFileError) -> AudioBuffer {
    guard bytes.count <= limits.bytes else { throw .tooLarge(limit: limits.bytes) }
    let content = AudioFileFormat.withoutTags(bytes[...])
    guard let format = AudioFileFormat(of: content) else { throw .notAudio }
    if format == .wav { return try WAVReader.read(Array(content), limits: limits) }
    let audio = try SndfileDecoder.decode(content, format: format, limits: limits)
    if let position = audio.samples.firstIndex(where: { !$0.isFinite }) {
      throw .notFinite(sample: position)
    }
    return audio
  }

  /// Decodes a file on disk.
  ///
  /// - Throws: ``AudioFileError``, or ``UnreadableFileError`` when the file cannot be opened or read.
  package static func read(
    contentsOf file: URL, limits: AudioFileLimits = AudioFileLimits()
  ) throws -> AudioBuffer {
    let bytes: Data?
    do {
      let handle = try FileHandle(forReadingFrom: file)
      defer { try? handle.close() }
      // One byte more than is allowed, so that a larger file is noticed and an endless one ends.
      bytes = try handle.read(upToCount: limits.bytes + 1)
    } catch {
      throw UnreadableFileError(path: file.path, reason: error.localizedDescription)
    }
    return try read([UInt8](bytes ?? Data()), limits: limits)
  }
}
