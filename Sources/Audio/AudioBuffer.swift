/// Mono audio held in memory.
public struct AudioBuffer: Hashable, Sendable {
  /// Samples, nominally in −1…1.
  public var samples: [Float]
  /// Samples a second, in Hz.
  public let sampleRate: Int

  /// Creates a buffer.
  ///
  /// - Precondition: `sampleRate` is positive.
  public init(samples: [Float], sampleRate: Int) {
    precondition(sampleRate > 0, "A sample rate is at least 1 Hz, not \(sampleRate)")
    self.samples = samples
    self.sampleRate = sampleRate
  }

  /// The length in seconds.
  public var duration: Double { Double(samples.count) / Double(sampleRate) }

  /// The rates that files, resampling and time stretching accept, in Hz.
  package static let supportedSampleRates = 1_000...384_000
}
