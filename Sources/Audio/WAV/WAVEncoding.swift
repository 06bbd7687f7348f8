/// How a WAV file stores its samples.
public enum WAVEncoding: String, Codable, CaseIterable, Sendable {
  /// 16-bit integers: what everything plays.
  case pcm16
  /// 32-bit floats: no rounding, for further processing.
  case float32
}
