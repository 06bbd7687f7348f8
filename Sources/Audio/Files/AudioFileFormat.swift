/// The audio files that are read, told apart by their first bytes.
///
/// libsndfile would try two dozen more formats; they are kept away from it, since old parsers are where
/// hostile files do harm.
enum AudioFileFormat: String, Sendable {
  case wav = "WAV"
  case flac = "FLAC"
  case mp3 = "MP3"
  case ogg = "OGG"

  /// The format of a file, or `nil` when it is none of these.
  init?(of bytes: ArraySlice<UInt8>) {
    if bytes.starts(with: "RIFF".utf8), bytes.dropFirst(8).starts(with: "WAVE".utf8) {
      self = .wav
    } else if bytes.starts(with: "fLaC".utf8) {
      self = .flac
    } else if bytes.starts(with: "OggS".utf8) {
      self = .ogg
    } else if Self.isMPEGFrame(bytes.prefix(2)) {
      self = .mp3
    } else {
      return nil
    }
  }

  /// Eleven bits of synchronisation, then a version and a layer that exist.
  private static func isMPEGFrame(_ header: ArraySlice<UInt8>) -> Bool {
    guard let first = header.first, let second = header.dropFirst().first else { return false }
    let version = second >> 3 & 3
    let layer = second >> 1 & 3
    return first == 0xFF && second & 0xE0 == 0xE0 && version != 1 && layer != 0
  }

  /// The bytes after any ID3v2 tags and the zeros that some programs leave behind them.
  ///
  /// Source: ID3v2.4, section 3.1: ten bytes, the last four of which are the rest's size in 7 bits each.
  static func withoutTags(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var rest = bytes
    while rest.starts(with: "ID3".utf8), rest.count >= 10 {
      let size = rest.dropFirst(6).prefix(4).reduce(0) { $0 << 7 | Int($1 & 0x7F) }
      rest = rest.dropFirst(10 + size).drop { $0 == 0 }
    }
    return rest
  }
}
