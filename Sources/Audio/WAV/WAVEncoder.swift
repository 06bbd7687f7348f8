/// Writes mono WAV: a header, then samples in as many pieces as they come.
package struct WAVEncoder: Hashable, Sendable {
  /// How samples are stored.
  package let encoding: WAVEncoding
  /// Samples a second, in Hz.
  package let sampleRate: Int

  package init(encoding: WAVEncoding, sampleRate: Int) {
    precondition(AudioBuffer.supportedSampleRates.contains(sampleRate))
    self.encoding = encoding
    self.sampleRate = sampleRate
  }

  /// Bytes that a sample takes.
  package var bytesPerSample: Int {
    switch encoding {
    case .pcm16: 2
    case .float32: 4
    }
  }

  /// The bytes before the first sample: 44 for PCM, 58 for float (which must have a `fact` chunk).
  ///
  /// - Parameter sampleCount: The samples that follow. With `nil`, and where the file would pass the 4 GiB
  ///   that WAV can express, the sizes are `0xFFFFFFFF`: readers then read to the end.
  package func header(sampleCount: Int?) -> [UInt8] {
    let headerSize = encoding == .pcm16 ? 44 : 58
    let largestCount = (Int(UInt32.max) - headerSize) / bytesPerSample
    let count = sampleCount.flatMap { (0...largestCount).contains($0) ? $0 : nil }
    let dataSize = count.map { UInt32($0 * bytesPerSample) } ?? .max
    // The RIFF size leaves out the eight bytes that state it.
    let riffSize = count.map { UInt32(headerSize - 8 + $0 * bytesPerSample) } ?? .max

    var header = HeaderBytes()
    header.append(tag: "RIFF")
    header.append(riffSize)
    header.append(tag: "WAVE")
    appendFormat(to: &header)
    if encoding == .float32 {
      header.append(tag: "fact")
      header.append(UInt32(4))
      header.append(count.map { UInt32($0) } ?? .max)
    }
    header.append(tag: "data")
    header.append(dataSize)
    return header.bytes
  }

  /// The samples as bytes: clamped to −1…1, NaN as 0; for PCM rounded to the nearest integer.
  package func encode(_ samples: [Float]) -> [UInt8] {
    switch encoding {
    case .pcm16: Self.bytes(of: samples) { PCM16.encode($0) }
    case .float32: Self.bytes(of: samples) { AudioLevel.clamped($0).bitPattern }
    }
  }

  private func appendFormat(to header: inout HeaderBytes) {
    let isPCM = encoding == .pcm16
    header.append(tag: "fmt ")
    header.append(UInt32(isPCM ? 16 : 18))
    header.append(isPCM ? WAVFormat.Code.pcm : WAVFormat.Code.float)
    header.append(UInt16(1))
    header.append(UInt32(sampleRate))
    header.append(UInt32(sampleRate * bytesPerSample))
    header.append(UInt16(bytesPerSample))
    header.append(UInt16(bytesPerSample * 8))
    // Every format but PCM states the size of its extension, here none.
    if !isPCM { header.append(UInt16(0)) }
  }

  @inline(__always)
  private static func bytes<Stored: FixedWidthInteger>(
    of samples: [Float], as stored: (Float) -> Stored
  ) -> [UInt8] {
    let width = MemoryLayout<Stored>.size
    return [UInt8](unsafeUninitializedCapacity: samples.count * width) { output, count in
      let output = UnsafeMutableRawBufferPointer(output)
      for index in 0..<samples.count {
        let value = stored(samples[index]).littleEndian
        output.storeBytes(of: value, toByteOffset: index * width, as: Stored.self)
      }
      count = output.count
    }
  }
}

/// Bytes in RIFF's order, the least significant first.
private struct HeaderBytes {
  private(set) var bytes: [UInt8] = []

  mutating func append(tag: StaticString) {
    bytes.append(contentsOf: UnsafeBufferPointer(start: tag.utf8Start, count: tag.utf8CodeUnitCount))
  }

  mutating func append(_ value: some FixedWidthInteger) {
    withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
  }
}
