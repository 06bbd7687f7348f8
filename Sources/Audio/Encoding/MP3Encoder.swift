import CLAME

/// MP3 by LAME: mono, 64 kbit/s, which is more than speech at 24 kHz needs to be told from the original.
final class MP3Encoder: AudioEncoder {
  private static let kilobitsPerSecond: Int32 = 64
  /// The most bytes of a frame that LAME may hold back, as its documentation has it.
  private static let reserve = 7_200

  private let lame: lame_t
  private(set) var finalHeader: [UInt8] = []
  private let isFile: Bool

  /// - Parameter isFile: whether the first frame may be filled in at the end: it then tells players the length.
  init(sampleRate: Int, isFile: Bool) throws(AudioEncodingError) {
    guard let lame = lame_init() else { throw .outOfMemory }
    self.lame = lame
    self.isFile = isFile
    lame_set_in_samplerate(lame, Int32(sampleRate))
    lame_set_num_channels(lame, 1)
    lame_set_mode(lame, MONO)
    lame_set_brate(lame, Self.kilobitsPerSecond)
    // 2 is the best that is not slow: a second of speech takes about 3 ms.
    lame_set_quality(lame, 2)
    lame_set_bWriteVbrTag(lame, isFile ? 1 : 0)
    guard lame_init_params(lame) >= 0 else { throw AudioEncodingError("LAME refuses \(sampleRate) Hz.") }
  }

  deinit { lame_close(lame) }

  func encode(_ samples: [Float]) throws(AudioEncodingError) -> [UInt8] {
    guard !samples.isEmpty else { return [] }
    let samples = AudioLevel.clamped(samples)
    return try bytes(capacity: samples.count * 5 / 4 + Self.reserve) { buffer, capacity in
      lame_encode_buffer_ieee_float(lame, samples, samples, Int32(samples.count), buffer, capacity)
    }
  }

  func finish() throws(AudioEncodingError) -> [UInt8] {
    let end = try bytes(capacity: Self.reserve) { lame_encode_flush(lame, $0, $1) }
    if isFile {
      finalHeader = try bytes(capacity: Self.reserve) { buffer, capacity in
        Int32(clamping: lame_get_lametag_frame(lame, buffer, Int(capacity)))
      }
    }
    return end
  }

  /// What a function of LAME's writes into a buffer.
  private func bytes(
    capacity: Int, _ write: (UnsafeMutablePointer<UInt8>?, Int32) -> Int32
  ) throws(AudioEncodingError) -> [UInt8] {
    var status: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
      status = write(buffer.baseAddress, Int32(capacity))
      count = max(0, Int(status))
    }
    guard status >= 0 else { throw AudioEncodingError("LAME failed with \(status).") }
    return bytes
  }
}
