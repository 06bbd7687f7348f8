import CFLAC

/// FLAC by libFLAC: the samples as 16-bit integers, without loss.
final class FLACEncoder: AudioEncoder {
  /// Samples of a block: a tenth of a second at 24 kHz, so that a stream begins early.
  private static let blockSize: UInt32 = 2_400

  private let encoder: UnsafeMutablePointer<FLAC__StreamEncoder>
  /// What the library has written since it was last asked; it lives as long as the library may write.
  private let sink = Sink()
  /// The beginning of the stream, up to its first block.
  private var beginning: [UInt8] = []

  init(sampleRate: Int) throws(AudioEncodingError) {
    guard let encoder = FLAC__stream_encoder_new() else { throw .outOfMemory }
    self.encoder = encoder
    FLAC__stream_encoder_set_channels(encoder, 1)
    FLAC__stream_encoder_set_bits_per_sample(encoder, 16)
    FLAC__stream_encoder_set_sample_rate(encoder, UInt32(sampleRate))
    FLAC__stream_encoder_set_compression_level(encoder, 5)
    FLAC__stream_encoder_set_blocksize(encoder, Self.blockSize)
    let status = FLAC__stream_encoder_init_stream(
      encoder,
      { _, bytes, count, _, _, sink in
        guard let sink, let bytes else { return FLAC__STREAM_ENCODER_WRITE_STATUS_FATAL_ERROR }
        let written = UnsafeBufferPointer(start: bytes, count: count)
        Unmanaged<Sink>.fromOpaque(sink).takeUnretainedValue().bytes += written
        return FLAC__STREAM_ENCODER_WRITE_STATUS_OK
      }, nil, nil,
      { _, metadata, sink in
        guard let sink, let metadata else { return }
        let info = metadata.pointee.data.stream_info
        Unmanaged<Sink>.fromOpaque(sink).takeUnretainedValue().info = info
      }, Unmanaged.passUnretained(sink).toOpaque())
    guard status == FLAC__STREAM_ENCODER_INIT_STATUS_OK else {
      throw AudioEncodingError("libFLAC refuses \(sampleRate) Hz: \(status.rawValue).")
    }
    beginning = sink.bytes
  }

  deinit { FLAC__stream_encoder_delete(encoder) }

  func encode(_ samples: [Float]) throws(AudioEncodingError) -> [UInt8] {
    let integers = PCM16.encode(samples).map { Int32($0) }
    if !integers.isEmpty {
      try check(FLAC__stream_encoder_process_interleaved(encoder, integers, UInt32(integers.count)))
    }
    return sink.take()
  }

  func finish() throws(AudioEncodingError) -> [UInt8] {
    try check(FLAC__stream_encoder_finish(encoder))
    return sink.take()
  }

  /// The stream's marker and its STREAMINFO block, now with its length and its checksum.
  ///
  /// Source: RFC 9639, section 8.2.
  var finalHeader: [UInt8] {
    guard let info = sink.info, beginning.count >= 42 else { return [] }
    var header = Array(beginning[..<8])
    func append(_ value: UInt64, bytes: Int) {
      for shift in (0..<bytes).reversed() { header.append(UInt8(truncatingIfNeeded: value >> (8 * shift))) }
    }
    append(UInt64(info.min_blocksize), bytes: 2)
    append(UInt64(info.max_blocksize), bytes: 2)
    append(UInt64(info.min_framesize), bytes: 3)
    append(UInt64(info.max_framesize), bytes: 3)
    let layout =
      UInt64(info.sample_rate) << 44 | UInt64(info.channels - 1) << 41
      | UInt64(info.bits_per_sample - 1) << 36 | info.total_samples & 0xF_FFFF_FFFF
    append(layout, bytes: 8)
    withUnsafeBytes(of: info.md5sum) { header += $0 }
    return header
  }

  private func check(_ isDone: FLAC__bool) throws(AudioEncodingError) {
    guard isDone != 0 else {
      throw AudioEncodingError("libFLAC failed with \(FLAC__stream_encoder_get_state(encoder).rawValue).")
    }
  }

  private final class Sink {
    var bytes: [UInt8] = []
    var info: FLAC__StreamMetadata_StreamInfo?

    func take() -> [UInt8] {
      defer { bytes = [] }
      return bytes
    }
  }
}
