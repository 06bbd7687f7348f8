internal import CSonic

/// Changes the pace of a stream of mono speech and keeps its pitch, by the sonic library.
///
/// Send every piece through ``process(_:)``, in order, then call ``finish()`` once. All output together is
/// `n / speed` samples for `n` in, within 2 % from a second on; how a stream is cut into pieces makes no
/// difference. Speed 1 passes through untouched; at other speeds the samples are rounded to 16 bits, the
/// only precision that sonic works in.
///
/// The struct owns the C object: it cannot be copied, and freeing is its `deinit`.
package struct TimeStretcher: ~Copyable {
  /// The speeds that speech survives; 2 is twice as fast.
  package static let speeds = 0.5...2.0

  /// `nil` when the speed is 1.
  private let handle: sonicStream?

  /// Creates a stretcher for audio at a rate in Hz.
  package init(sampleRate: Int, speed: Double) throws(AudioProcessingError) {
    guard AudioBuffer.supportedSampleRates.contains(sampleRate) else {
      throw .unsupportedSampleRate(sampleRate)
    }
    guard Self.speeds.contains(speed) else { throw .unsupportedSpeed(speed) }
    // Closer to 1 than this sonic only copies.
    guard abs(speed - 1) > 0.000_01 else {
      handle = nil
      return
    }
    guard let created = sonicCreateStream(Int32(sampleRate), 1) else { throw Self.outOfMemory }
    sonicSetSpeed(created, Float(speed))
    handle = created
  }

  deinit {
    if let handle { sonicDestroyStream(handle) }
  }

  /// Takes the next samples and returns those that are ready.
  package mutating func process(_ samples: [Float]) throws(AudioProcessingError) -> [Float] {
    guard let handle else { return samples }
    var input = PCM16.encode(samples)
    var output: [Float] = []
    // In blocks, so that sonic's own buffers stay small however long the input is.
    for start in stride(from: 0, to: input.count, by: Self.blockSize) {
      let count = min(Self.blockSize, input.count - start)
      let written = input.withUnsafeMutableBufferPointer { pointer in
        sonicWriteShortToStream(handle, pointer.baseAddress.map { $0 + start }, Int32(count))
      }
      guard written != 0 else { throw Self.outOfMemory }
      Self.drain(handle, into: &output)
    }
    return output
  }

  /// Returns what is left of the output.
  package consuming func finish() throws(AudioProcessingError) -> [Float] {
    guard let handle else { return [] }
    guard sonicFlushStream(handle) != 0 else { throw Self.outOfMemory }
    var output: [Float] = []
    Self.drain(handle, into: &output)
    return output
  }

  private static let blockSize = 16_384

  private static let outOfMemory = AudioProcessingError.libraryFailure(
    library: "sonic", reason: "out of memory")

  private static func drain(_ handle: sonicStream, into output: inout [Float]) {
    let available = sonicSamplesAvailable(handle)
    let block = [Int16](unsafeUninitializedCapacity: Int(available)) { block, count in
      count = Int(sonicReadShortFromStream(handle, block.baseAddress, available))
    }
    output.append(contentsOf: block.lazy.map { PCM16.decode($0) })
  }
}
