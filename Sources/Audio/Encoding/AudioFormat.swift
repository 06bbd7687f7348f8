/// The forms that audio leaves in.
package enum AudioFormat: String, CaseIterable, Codable, Hashable, Sendable {
  /// WAV, 16-bit integers.
  case wav
  /// WAV, 32-bit floats.
  case floatWAV = "wav_f32"
  /// 16-bit integers, the least significant byte first, without a header.
  case pcm
  /// MPEG layer 3.
  case mp3
  /// Opus in Ogg.
  case opus
  /// FLAC, 16 bits.
  case flac
  /// AAC-LC in ADTS frames.
  case aac

  /// The media type of its bytes.
  package var mediaType: String {
    switch self {
    case .wav, .floatWAV: "audio/wav"
    // RFC 2586's L16 has the most significant byte first, which this is not.
    case .pcm: "audio/pcm"
    case .mp3: "audio/mpeg"
    case .opus: "audio/ogg"
    case .flac: "audio/flac"
    case .aac: "audio/aac"
    }
  }

  /// The end of a file's name, without the dot.
  package var fileExtension: String {
    switch self {
    case .wav, .floatWAV: "wav"
    case .pcm: "pcm"
    case .mp3: "mp3"
    case .opus: "opus"
    case .flac: "flac"
    case .aac: "aac"
    }
  }

  /// A new encoder of mono samples.
  ///
  /// - Parameters:
  ///   - sampleRate: in Hz.
  ///   - isFile: whether ``AudioEncoder/finalHeader`` will be put in its place.
  /// - Throws: ``AudioEncodingError`` when the codec's library refuses.
  package func makeEncoder(
    sampleRate: Int, isFile: Bool = false
  ) throws(AudioEncodingError) -> any AudioEncoder {
    switch self {
    case .wav: WAVStreamEncoder(.pcm16, sampleRate: sampleRate)
    case .floatWAV: WAVStreamEncoder(.float32, sampleRate: sampleRate)
    case .pcm: PCMEncoder(sampleRate: sampleRate)
    case .mp3: try MP3Encoder(sampleRate: sampleRate, isFile: isFile)
    case .opus: try OpusEncoder(sampleRate: sampleRate)
    case .flac: try FLACEncoder(sampleRate: sampleRate)
    case .aac: try AACEncoder(sampleRate: sampleRate)
    }
  }
}
