/// How much an audio file may hold, whatever its header says.
///
/// A few bytes of FLAC can stand for hours of silence, so the limits count what is decoded, too.
package struct AudioFileLimits: Hashable, Sendable {
  /// The largest file, in bytes.
  package var bytes = 128 << 20
  /// The longest audio, in seconds.
  package var seconds = 600.0
  /// The most samples, those of all channels together.
  package var samples = 64 << 20

  package init() {}

  /// Throws when so many frames (a sample of every channel each) are too many.
  func check(frames: Int, channels: Int, sampleRate: Int) throws(AudioFileError) {
    if Double(frames) > seconds * Double(sampleRate) { throw .tooLong(limit: seconds) }
    let (total, overflow) = frames.multipliedReportingOverflow(by: channels)
    if overflow || total > samples { throw .tooManySamples(limit: samples) }
  }
}
