import Audio

/// The forms of audio that a request can ask for.
enum AudioFormat: String, CaseIterable, Sendable {
  /// WAV, 16-bit integers.
  case wav
  /// WAV, 32-bit floats.
  case floatWAV = "wav_f32"

  var encoding: WAVEncoding {
    switch self {
    case .wav: .pcm16
    case .floatWAV: .float32
    }
  }
}
