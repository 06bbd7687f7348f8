/// Turns the samples of a WAV file's `data` chunk into mono floats in −1…1.
struct WAVSampleDecoder {
  let format: WAVFormat

  /// Decodes whole frames; a mono sample is the mean of its frame's channels.
  func decode(_ frames: ArraySlice<UInt8>) -> [Float] {
    switch format.sampleType {
    case .uint8: mixDown(frames) { (Float($0.load(at: $1, as: UInt8.self)) - 128) / 128 }
    case .int16: mixDown(frames) { PCM16.decode(Int16(littleEndian: $0.load(at: $1, as: Int16.self))) }
    case .int24: mixDown(frames) { Float($0.loadInt24(at: $1)) / 8_388_608 }
    case .int32:
      mixDown(frames) { Float(Int32(littleEndian: $0.load(at: $1, as: Int32.self))) / 2_147_483_648 }
    case .float32:
      mixDown(frames) { Float(bitPattern: UInt32(littleEndian: $0.load(at: $1, as: UInt32.self))) }
    case .float64:
      mixDown(frames) {
        Float(Double(bitPattern: UInt64(littleEndian: $0.load(at: $1, as: UInt64.self))))
      }
    }
  }

  @inline(__always)
  private func mixDown(
    _ frames: ArraySlice<UInt8>, sample: (UnsafeRawBufferPointer, Int) -> Float
  ) -> [Float] {
    let frameSize = format.frameSize
    let frameCount = frames.count / frameSize
    let channelCount = Float(format.channelCount)
    return frames.withUnsafeBytes { bytes in
      [Float](unsafeUninitializedCapacity: frameCount) { output, count in
        for frame in 0..<frameCount {
          var sum: Float = 0
          for offset in stride(from: 0, to: frameSize, by: format.sampleType.size) {
            sum += sample(bytes, frame * frameSize + offset)
          }
          output.initializeElement(at: frame, to: sum / channelCount)
        }
        count = frameCount
      }
    }
  }
}

extension UnsafeRawBufferPointer {
  fileprivate func load<Value: BitwiseCopyable>(at offset: Int, as type: Value.Type) -> Value {
    loadUnaligned(fromByteOffset: offset, as: type)
  }

  /// A little-endian 24-bit integer.
  fileprivate func loadInt24(at offset: Int) -> Int32 {
    let low = Int32(self[offset]) | Int32(self[offset + 1]) << 8
    return low | Int32(Int8(bitPattern: self[offset + 2])) << 16
  }
}
