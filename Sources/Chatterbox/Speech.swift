public import Audio

/// How long the making of speech took, in seconds.
public struct SpeechTimings: Codable, Hashable, Sendable {
  /// From the request to the first samples.
  public let firstAudio: Double
  /// From the request to the last samples.
  public let total: Double
  /// How long the speech plays.
  public let duration: Double
  /// Seconds of work a second of speech: below 1 is faster than real time.
  public var realTimeFactor: Double { duration > 0 ? total / duration : 0 }

  package init(firstAudio: Double, total: Double, duration: Double) {
    (self.firstAudio, self.total, self.duration) = (firstAudio, total, duration)
  }
}

/// Measures the making of speech.
package struct SpeechStopwatch {
  private let start = ContinuousClock.now
  private var firstAudio: Duration?
  private(set) var sampleCount = 0

  package init() {}

  /// How long what has been made plays, in seconds.
  package var seconds: Double { Double(sampleCount) / Double(SpeechStream.sampleRate) }

  package mutating func add(_ chunk: AudioChunk) {
    firstAudio = firstAudio ?? start.duration(to: .now)
    sampleCount += chunk.samples.count
  }

  package var timings: SpeechTimings {
    let total = start.duration(to: .now)
    return SpeechTimings(
      firstAudio: (firstAudio ?? total) / .seconds(1), total: total / .seconds(1),
      duration: seconds)
  }
}

/// The speech of a request, whole and checked.
public struct Speech: Sendable {
  /// Mono at 24 kHz.
  public let audio: AudioBuffer
  /// Who spoke, and what the caller should know.
  public let info: SpeechInfo
  /// How long it took.
  public let timings: SpeechTimings

  init(collecting stream: SpeechStream) async throws {
    var stopwatch = SpeechStopwatch()
    var samples: [Float] = []
    for try await chunk in stream {
      stopwatch.add(chunk)
      samples += chunk.samples
    }
    audio = AudioBuffer(samples: samples, sampleRate: SpeechStream.sampleRate)
    info = stream.info
    timings = stopwatch.timings
  }

  /// The speech as a WAV file's bytes.
  public func wav(_ encoding: WAVEncoding = .pcm16) -> [UInt8] {
    let encoder = WAVEncoder(encoding: encoding, sampleRate: audio.sampleRate)
    return encoder.header(sampleCount: audio.samples.count) + encoder.encode(audio.samples)
  }

  /// Writes a WAV file and returns its SHA-256 in lower-case hexadecimal.
  ///
  /// - Throws: ``ChatterboxError`` when the file cannot be written.
  @discardableResult
  public func save(to path: String, _ encoding: WAVEncoding = .pcm16) throws -> String {
    let bytes = wav(encoding)
    let file = try SpeechFile(creating: path)
    try file.write(bytes)
    try file.keep()
    return SHA256Digest.hexadecimal(of: bytes)
  }
}
