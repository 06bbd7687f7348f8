/// Reads a WAV file that is held in memory, whoever wrote it, and mixes it down to mono.
///
/// PCM of 8, 16, 24 and 32 bits and float of 32 and 64, plain or WAVE_FORMAT_EXTENSIBLE. Chunks may come in
/// any order. Programs that write to a pipe cannot know their length and leave 0 or a huge size, as
/// `espeak-ng --stdout` does: such data runs to the end of the bytes.
///
/// Needs at most four bytes of memory per byte of the file.
package struct WAVReader: Sendable {
  /// Sizes from here on mean "not known": espeak-ng writes 0x7FFFF000, most others 0xFFFFFFFF.
  private static let unknownSize = 0x7FFF_F000

  /// Decodes a whole file; with limits, only one that keeps to them.
  package static func read(
    _ bytes: [UInt8], limits: AudioFileLimits? = nil
  ) throws(AudioFileError) -> AudioBuffer {
    let chunks = try findChunks(in: bytes)
    guard let formatChunk = chunks.format else { throw .missingChunk("fmt ") }
    guard let data = chunks.data else { throw .missingChunk("data") }
    let format = try WAVFormat(chunk: ByteReader(formatChunk))
    let (frames, excess) = data.bytes.count.quotientAndRemainder(dividingBy: format.frameSize)
    guard excess == 0 || data.isOpenEnded else {
      throw .truncated(expected: format.frameSize, found: excess)
    }
    try limits?.check(frames: frames, channels: format.channelCount, sampleRate: format.sampleRate)
    let samples = WAVSampleDecoder(format: format).decode(data.bytes.prefix(frames * format.frameSize))
    if let position = samples.firstIndex(where: { !$0.isFinite }) { throw .notFinite(sample: position) }
    return AudioBuffer(samples: samples, sampleRate: format.sampleRate)
  }

  /// The chunks that matter; the first of each kind counts.
  private struct Chunks {
    var format: ArraySlice<UInt8>?
    var data: (bytes: ArraySlice<UInt8>, isOpenEnded: Bool)?
  }

  private static func findChunks(in bytes: [UInt8]) throws(AudioFileError) -> Chunks {
    var reader = ByteReader(bytes[...])
    guard reader.remaining >= 12, try reader.readBytes(4).elementsEqual("RIFF".utf8) else { throw .notWAV }
    let riffEnd = 8 + Int(try reader.readUInt32())
    guard try reader.readBytes(4).elementsEqual("WAVE".utf8) else { throw .notWAV }

    var chunks = Chunks()
    // Fewer than eight bytes cannot be a chunk: padding that some writers leave at the end.
    while reader.remaining >= 8, chunks.format == nil || chunks.data == nil {
      let name = try reader.readBytes(4)
      let size = Int(try reader.readUInt32())
      let isData = name.elementsEqual("data".utf8)
      let isOpenEnded = isData && (size >= unknownSize || (size == 0 && riffEnd <= reader.position))
      let content = try reader.readBytes(isOpenEnded ? reader.remaining : size)
      if isData, chunks.data == nil { chunks.data = (content, isOpenEnded) }
      if name.elementsEqual("fmt ".utf8), chunks.format == nil { chunks.format = content }
      // Chunks start at even positions.
      if !size.isMultiple(of: 2), reader.remaining > 0 { try reader.skip(1) }
    }
    return chunks
  }
}
