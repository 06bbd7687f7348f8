internal import CSndfile
internal import Foundation

/// Decodes FLAC, MP3 and OGG by libsndfile, in blocks, and believes only what it has decoded.
///
/// The struct owns the C object: it cannot be copied, and freeing is its `deinit`.
struct SndfileDecoder: ~Copyable {
  private let handle: OpaquePointer
  private let memory: UnsafeMutablePointer<SndfileMemory>
  private let information: SF_INFO
  private let format: AudioFileFormat

  /// Decodes a whole file to mono.
  static func decode(
    _ bytes: ArraySlice<UInt8>, format: AudioFileFormat, limits: AudioFileLimits
  ) throws(AudioFileError) -> AudioBuffer {
    try bytes.withUnsafeBufferPointer { pointer throws(AudioFileError) in
      let decoder = try SndfileDecoder(UnsafeRawBufferPointer(pointer), format: format)
      return try decoder.decode(limits)
    }
  }

  /// A failed opening leaves its traces in globals of libsndfile's, so only one may go on at a time.
  private static let opening = NSLock()

  private init(_ bytes: UnsafeRawBufferPointer, format: AudioFileFormat) throws(AudioFileError) {
    let memory = UnsafeMutablePointer<SndfileMemory>.allocate(capacity: 1)
    memory.initialize(to: SndfileMemory(bytes))
    var callbacks = SndfileMemory.callbacks
    var information = SF_INFO()
    let opened = Self.opening.withLock {
      sf_open_virtual(&callbacks, Int32(SFM_READ), &information, memory)
    }
    guard let opened else {
      memory.deallocate()
      throw .unreadable(format: format.rawValue)
    }
    handle = opened
    self.memory = memory
    self.information = information
    self.format = format
  }

  deinit {
    sf_close(handle)
    memory.deallocate()
  }

  private var channels: Int { Int(information.channels) }
  private var sampleRate: Int { Int(information.samplerate) }

  /// The frames that the file says it holds; `nil` for a recording that was streamed or cut, which cannot say.
  private var statedFrames: Int? {
    (0..<Int.max).contains(Int(information.frames)) ? Int(information.frames) : nil
  }

  private func decode(_ limits: AudioFileLimits) throws(AudioFileError) -> AudioBuffer {
    guard channels > 0 else { throw .unreadable(format: format.rawValue) }
    guard AudioBuffer.supportedSampleRates.contains(sampleRate) else {
      throw .unsupportedSampleRate(sampleRate)
    }
    if let statedFrames {
      try limits.check(frames: statedFrames, channels: channels, sampleRate: sampleRate)
    }
    var samples: [Float] = []
    samples.reserveCapacity(statedFrames ?? 0)
    let framesPerBlock = max(1, 16_384 / channels)
    var block = [Float](repeating: 0, count: framesPerBlock * channels)
    while true {
      let count = Int(sf_readf_float(handle, &block, Int64(framesPerBlock)))
      guard count > 0 else { break }
      try limits.check(frames: samples.count + count, channels: channels, sampleRate: sampleRate)
      mixDown(block.prefix(count * channels), into: &samples)
    }
    try checkEnd(samples.count)
    return AudioBuffer(samples: samples, sampleRate: sampleRate)
  }

  private func mixDown(_ block: ArraySlice<Float>, into samples: inout [Float]) {
    guard channels > 1 else { return samples.append(contentsOf: block) }
    let scale = Float(channels)
    for frame in stride(from: block.startIndex, to: block.endIndex, by: channels) {
      samples.append(block[frame..<frame + channels].reduce(0, +) / scale)
    }
  }

  /// Throws when the decoder stumbled or the file ended before it said it would.
  private func checkEnd(_ frames: Int) throws(AudioFileError) {
    guard sf_error(handle) == Int32(SF_ERR_NO_ERROR) else { throw .unreadable(format: format.rawValue) }
    // MP3 encoders disagree by a frame or two on what their own delay takes off the ends.
    let slack = format == .mp3 ? 2 * 1152 : 0
    guard frames + slack >= statedFrames ?? 1 else { throw .endsEarly(format: format.rawValue) }
  }
}
