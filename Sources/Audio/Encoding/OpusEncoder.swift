import COpusEncoder

/// Opus in Ogg by libopusenc: mono, 32 kbit/s.
final class OpusEncoder: AudioEncoder {
  private static let bitsPerSecond: Int32 = 32_000
  /// How long packets wait for a page to be filled, in samples at 48 kHz: a fifth of a second.
  private static let muxingDelay: Int32 = 9_600

  private let comments: OpaquePointer
  private let encoder: OpaquePointer

  init(sampleRate: Int) throws(AudioEncodingError) {
    guard let comments = ope_comments_create() else { throw .outOfMemory }
    var status: Int32 = 0
    guard let encoder = ope_encoder_create_pull(comments, Int32(sampleRate), 1, 0, &status) else {
      ope_comments_destroy(comments)
      throw AudioEncodingError("libopusenc refuses \(sampleRate) Hz: \(status).")
    }
    (self.comments, self.encoder) = (comments, encoder)
    for (request, value) in [
      (OPUS_SET_BITRATE_REQUEST, Self.bitsPerSecond), (OPE_SET_MUXING_DELAY_REQUEST, Self.muxingDelay),
      // Decisions about what is to come may wait no longer than a frame.
      (OPE_SET_DECISION_DELAY_REQUEST, 0),
      // Else it is drawn at random, and the same speech would never be the same bytes.
      (OPE_SET_SERIALNO_REQUEST, 1),
    ] {
      let status = ope_encoder_set(encoder, request, value)
      guard status == OPE_OK else { throw AudioEncodingError("libopusenc refuses a setting: \(status).") }
    }
    try Self.check(ope_encoder_flush_header(encoder))
  }

  deinit {
    ope_encoder_destroy(encoder)
    ope_comments_destroy(comments)
  }

  func encode(_ samples: [Float]) throws(AudioEncodingError) -> [UInt8] {
    let samples = AudioLevel.clamped(samples)
    if !samples.isEmpty { try Self.check(ope_encoder_write_float(encoder, samples, Int32(samples.count))) }
    return pages
  }

  func finish() throws(AudioEncodingError) -> [UInt8] {
    try Self.check(ope_encoder_drain(encoder))
    return pages
  }

  /// The pages that are full.
  private var pages: [UInt8] {
    var bytes: [UInt8] = []
    var page: UnsafeMutablePointer<UInt8>?
    var length: Int32 = 0
    while ope_encoder_get_page(encoder, &page, &length, 0) == 1 {
      bytes += UnsafeBufferPointer(start: page, count: Int(length))
    }
    return bytes
  }

  private static func check(_ status: Int32) throws(AudioEncodingError) {
    guard status == OPE_OK else { throw AudioEncodingError("libopusenc failed with \(status).") }
  }
}
