internal import CSoxr

/// Changes the sample rate of a stream of mono audio, by the SoX resampler at its "HQ" quality (20 bits).
///
/// Send every piece through ``process(_:)``, in order, then call ``finish()`` once. All output together is
/// `round(n × to / from)` samples for `n` in, give or take one, and is not delayed. Equal rates pass
/// through untouched.
///
/// The struct owns the C object: it cannot be copied, and freeing is its `deinit`.
package struct Resampler: ~Copyable {
  /// `nil` when the rates are equal.
  private let handle: soxr_t?
  /// Output samples per input sample.
  private let ratio: Double

  /// Creates a resampler between two rates in Hz.
  package init(from inputRate: Int, to outputRate: Int) throws(AudioProcessingError) {
    for rate in [inputRate, outputRate] where !AudioBuffer.supportedSampleRates.contains(rate) {
      throw .unsupportedSampleRate(rate)
    }
    handle = inputRate == outputRate ? nil : try Self.create(from: inputRate, to: outputRate)
    ratio = Double(outputRate) / Double(inputRate)
  }

  deinit {
    if let handle { soxr_delete(handle) }
  }

  /// Takes the next samples and returns those that are ready.
  package mutating func process(_ samples: [Float]) throws(AudioProcessingError) -> [Float] {
    guard let handle else { return samples }
    var output: [Float] = []
    output.reserveCapacity(Int(Double(samples.count) * ratio) + 1)
    var rest = samples[...]
    // soxr takes at most what a block of output has room for, so little is ever left inside it.
    while !rest.isEmpty {
      rest = rest.dropFirst(try Self.step(handle, input: rest, output: &output).consumed)
    }
    return output
  }

  /// Returns what is left of the output.
  package consuming func finish() throws(AudioProcessingError) -> [Float] {
    guard let handle else { return [] }
    var output: [Float] = []
    while try Self.step(handle, input: nil, output: &output).produced > 0 {}
    return output
  }

  private static let blockSize = 4096

  private static func create(from inputRate: Int, to outputRate: Int) throws(AudioProcessingError) -> soxr_t {
    var reason: soxr_error_t?
    var quality = soxr_quality_spec(UInt(SOXR_HQ), 0)
    guard let handle = soxr_create(Double(inputRate), Double(outputRate), 1, &reason, nil, &quality, nil)
    else { throw failure(reason) }
    return handle
  }

  /// One call of `soxr_process`; `nil` input means that the signal has ended.
  private static func step(
    _ handle: soxr_t, input: ArraySlice<Float>?, output: inout [Float]
  ) throws(AudioProcessingError) -> (consumed: Int, produced: Int) {
    var consumed = 0
    var produced = 0
    var reason: soxr_error_t?
    let block = [Float](unsafeUninitializedCapacity: blockSize) { block, count in
      reason = (input ?? []).withUnsafeBufferPointer { samples in
        soxr_process(
          handle, input == nil ? nil : samples.baseAddress, samples.count, &consumed,
          block.baseAddress, blockSize, &produced)
      }
      count = produced
    }
    if reason != nil { throw failure(reason) }
    output.append(contentsOf: block)
    return (consumed, produced)
  }

  private static func failure(_ reason: soxr_error_t?) -> AudioProcessingError {
    .libraryFailure(library: "soxr", reason: reason.map { String(cString: $0) } ?? "out of memory")
  }
}

extension AudioBuffer {
  /// The same audio at another rate, in Hz.
  package func resampled(to outputRate: Int) throws(AudioProcessingError) -> AudioBuffer {
    var resampler = try Resampler(from: sampleRate, to: outputRate)
    let start = try resampler.process(samples)
    return AudioBuffer(samples: start + (try resampler.finish()), sampleRate: outputRate)
  }

  /// The same audio at another rate, in Hz, with exactly `⌈n × to / from⌉` samples, as `librosa.resample`
  /// gives: what soxr leaves out at the end is silence, what it has over is dropped.
  package func resampledToFullLength(at outputRate: Int) throws(AudioProcessingError) -> AudioBuffer {
    var output = try resampled(to: outputRate)
    let count = (samples.count * outputRate + sampleRate - 1) / sampleRate
    output.samples.removeLast(max(0, output.samples.count - count))
    output.samples += [Float](repeating: 0, count: count - output.samples.count)
    return output
  }
}
