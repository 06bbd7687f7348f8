import Audio
import Testing

@Suite("WAVReader")
struct WAVReaderTests {
  @Test("what the encoder writes comes back", arguments: WAVEncoding.allCases, [true, false])
  func roundTrip(encoding: WAVEncoding, isStreaming: Bool) throws {
    let encoder = WAVEncoder(encoding: encoding, sampleRate: 22_050)
    let samples = noise(10_001, amplitude: 0.99)
    let bytes = encoder.header(sampleCount: isStreaming ? nil : samples.count) + encoder.encode(samples)
    let buffer = try WAVReader.read(bytes)
    #expect(buffer.sampleRate == 22_050)
    #expect(buffer.samples.count == samples.count)
    let tolerance: Float = encoding == .pcm16 ? 0.5 / 32_768 : 0
    #expect(zip(buffer.samples, samples).allSatisfy { abs($0 - $1) <= tolerance })
  }

  @Test("every 16-bit value survives decoding and encoding")
  func everyInt16() throws {
    let data = (Int(Int16.min)...Int(Int16.max)).flatMap { little(Int16($0)) }
    let buffer = try WAVReader.read(WAVFixture(data: data).bytes)
    #expect(WAVEncoder(encoding: .pcm16, sampleRate: 24_000).encode(buffer.samples) == data)
  }

  private static let halves: [WAVFixture] = [
    WAVFixture(bits: 8, data: [0, 64, 128, 192]),
    WAVFixture(bits: 16, data: [0, 0x80, 0, 0xC0, 0, 0, 0, 0x40]),
    WAVFixture(bits: 24, data: [0, 0, 0x80, 0, 0, 0xC0, 0, 0, 0, 0, 0, 0x40]),
    WAVFixture(bits: 32, data: [Int32.min, Int32.min / 2, 0, 1 << 30].flatMap { little($0) }),
    WAVFixture(code: 3, bits: 32, data: [Float(-1), -0.5, 0, 0.5].flatMap { little($0.bitPattern) }),
    WAVFixture(code: 3, bits: 64, data: [Double(-1), -0.5, 0, 0.5].flatMap { little($0.bitPattern) }),
  ]

  @Test("every sample type reads as −1, −0.5, 0 and 0.5", arguments: halves)
  func sampleTypes(fixture: WAVFixture) throws {
    #expect(try WAVReader.read(fixture.bytes).samples == [-1, -0.5, 0, 0.5])
  }

  @Test("channels are averaged", arguments: [1, 2, 3, 6, 255])
  func mixDown(channels: Int) throws {
    let frame = (1...channels).flatMap { little(Int16($0 * 100)) }
    let fixture = WAVFixture(channels: UInt16(channels), data: frame + frame)
    let mean = Float((channels + 1) * 50) / 32_768
    let samples = try WAVReader.read(fixture.bytes).samples
    #expect(samples.count == 2)
    #expect(samples.allSatisfy { abs($0 - mean) < 1e-6 })
  }

  @Test("an extensible file is read by its sub-format", arguments: [(UInt16(1), UInt16(24)), (3, 32)])
  func extensible(code: UInt16, bits: UInt16) throws {
    var fixture = WAVFixture(code: 0xFFFE, bits: bits, data: [UInt8](repeating: 0, count: 24))
    let guid: [UInt8] = [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71]
    let head = little(UInt16(22)) + little(bits) + little(UInt32(4)) + little(code)
    let format = fixture.chunk("fmt ", fixture.format + head + guid)
    #expect(try WAVReader.read(fixture.file(format + fixture.dataChunk)).samples.count == 24 * 8 / Int(bits))

    let unknown = fixture.chunk("fmt ", fixture.format + head + guid.reversed())
    #expect(throws: AudioFileError.unsupported("an unknown extensible sub-format")) {
      try WAVReader.read(fixture.file(unknown + fixture.dataChunk))
    }
    fixture.code = code
    #expect(throws: Never.self) { try WAVReader.read(fixture.bytes) }
  }

  @Test("chunks come in any order, strangers of odd length between them")
  func chunkOrder() throws {
    let fixture = WAVFixture(data: little(Int16(8192)) + little(Int16(-8192)))
    let stranger = fixture.chunk("LIST", [1, 2, 3])
    for chunks in [
      stranger + fixture.formatChunk + stranger + fixture.dataChunk + stranger,
      fixture.dataChunk + stranger + fixture.formatChunk,
    ] {
      #expect(try WAVReader.read(fixture.file(chunks)).samples == [0.25, -0.25])
    }
  }

  @Test("data of odd length is followed by a pad byte, which may be missing at the end")
  func oddData() throws {
    let fixture = WAVFixture(bits: 8, data: [0, 128, 192])
    #expect(try WAVReader.read(fixture.bytes).samples == [-1, 0, 0.5])
    #expect(try WAVReader.read(fixture.bytes.dropLast()).samples == [-1, 0, 0.5])
    #expect(
      try WAVReader.read(fixture.file(fixture.dataChunk + fixture.formatChunk)).samples == [-1, 0, 0.5])
  }

  @Test(
    "a size that its writer could not know runs to the end, without a half frame",
    arguments: [
      (UInt32(0x7FFF_F024), UInt32(0x7FFF_F000)), (.max, .max), (0, 0), (36, 0), (.max, 0xFFFF_FFDB),
    ])
  func streamingSizes(riffSize: UInt32, dataSize: UInt32) throws {
    var fixture = WAVFixture(data: little(Int16(16_384)) + little(Int16(-16_384)) + [7])
    fixture.riffSize = riffSize
    fixture.dataSize = dataSize
    #expect(try WAVReader.read(fixture.bytes.dropLast()).samples == [0.5, -0.5])
  }

  @Test("the 44 bytes that espeak-ng puts before its samples are understood")
  func espeakHeader() throws {
    let header: [UInt8] = [
      0x52, 0x49, 0x46, 0x46, 0x24, 0xF0, 0xFF, 0x7F, 0x57, 0x41, 0x56, 0x45, 0x66, 0x6D, 0x74, 0x20,
      0x10, 0x00, 0x00, 0x00, 0x01, 0x00, 0x01, 0x00, 0x22, 0x56, 0x00, 0x00, 0x44, 0xAC, 0x00, 0x00,
      0x02, 0x00, 0x10, 0x00, 0x64, 0x61, 0x74, 0x61, 0x00, 0xF0, 0xFF, 0x7F,
    ]
    let buffer = try WAVReader.read(header + little(Int16(1024)))
    #expect(buffer == AudioBuffer(samples: [1.0 / 32], sampleRate: 22_050))
    #expect(try WAVReader.read(header).samples.isEmpty)
  }

  @Test("an empty data chunk is empty audio, even with chunks after it")
  func emptyData() throws {
    let fixture = WAVFixture()
    #expect(try WAVReader.read(fixture.bytes).samples.isEmpty)
    let followed = fixture.file(fixture.formatChunk + fixture.dataChunk + fixture.chunk("LIST", [1, 2]))
    #expect(try WAVReader.read(followed).samples.isEmpty)
  }
}
