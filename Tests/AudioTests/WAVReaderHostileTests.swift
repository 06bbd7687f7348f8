import Audio
import Testing

@Suite("WAVReader on hostile files")
struct WAVReaderHostileTests {
  private let samples: [UInt8] = [0, 1, 2, 3, 4, 5, 6, 7]

  private func failure(of bytes: [UInt8]) -> AudioFileError? {
    do throws(AudioFileError) {
      _ = try WAVReader.read(bytes)
      return nil
    } catch {
      return error
    }
  }

  @Test(
    "what is not RIFF WAVE is refused",
    arguments: [
      "", "R", "RIFF", "RIFF0000WAV", "RIFX0000WAVE", "RF640000WAVE", "RIFF0000AVI ", "ID3 and more text",
    ])
  func notWAV(text: String) {
    #expect(failure(of: Array(text.utf8)) == .notWAV)
  }

  @Test("a missing chunk is named")
  func missingChunk() {
    let fixture = WAVFixture(data: samples)
    #expect(failure(of: fixture.file([])) == .missingChunk("fmt "))
    #expect(failure(of: fixture.file(fixture.dataChunk)) == .missingChunk("fmt "))
    #expect(failure(of: fixture.file(fixture.formatChunk)) == .missingChunk("data"))
  }

  @Test("data that claims more than there is, is cut short", arguments: [UInt32(9), 1000, 0x7FFF_EFFF])
  func lyingDataSize(size: UInt32) {
    let bytes = WAVFixture(data: samples, dataSize: size).bytes
    #expect(failure(of: bytes) == .truncated(expected: Int(size), found: 8))
  }

  @Test("any chunk that claims more than there is, is cut short")
  func lyingChunkSize() {
    let fixture = WAVFixture(data: samples)
    let stranger = Array("LIST".utf8) + little(UInt32.max)
    #expect(
      failure(of: fixture.file(fixture.formatChunk + stranger + fixture.dataChunk))
        == .truncated(expected: Int(UInt32.max), found: 16))
  }

  @Test("a stated size that ends inside a frame is cut short")
  func halfFrame() {
    #expect(failure(of: WAVFixture(data: [1, 2, 3]).bytes) == .truncated(expected: 2, found: 1))
  }

  @Test("a format chunk that is too small is cut short", arguments: [0, 1, 4, 14, 15])
  func shortFormat(length: Int) throws {
    let fixture = WAVFixture(data: samples)
    let bytes = fixture.file(fixture.chunk("fmt ", Array(fixture.format.prefix(length))) + fixture.dataChunk)
    let error = failure(of: bytes)
    guard case .truncated = error else {
      Issue.record("expected .truncated, got \(String(describing: error))")
      return
    }
  }

  @Test("an extensible format without its extension is cut short")
  func shortExtension() {
    #expect(failure(of: WAVFixture(code: 0xFFFE, data: samples).bytes) == .truncated(expected: 8, found: 0))
  }

  @Test("no channels is malformed")
  func zeroChannels() {
    #expect(failure(of: WAVFixture(channels: 0, data: samples).bytes) == .malformed("it has no channels"))
  }

  @Test("a frame size that does not fit its channels is malformed", arguments: [UInt16(0), 1, 3, 4, 65_535])
  func frameSize(size: UInt16) {
    let error = failure(of: WAVFixture(frameSize: size, data: samples).bytes)
    #expect(error == .malformed("a frame is said to be \(size) bytes, but holds 2"))
  }

  @Test("absurd rates are refused", arguments: [UInt32(0), 1, 999, 384_001, 0x8000_0000, .max])
  func sampleRate(rate: UInt32) {
    #expect(
      failure(of: WAVFixture(sampleRate: rate, data: samples).bytes) == .unsupportedSampleRate(Int(rate)))
  }

  @Test(
    "formats and widths that nobody reads are refused",
    arguments: [
      (UInt16(1), UInt16(0)), (1, 12), (1, 64), (3, 16), (3, 24), (2, 4), (6, 8), (85, 0), (0xFFFF, 16),
    ])
  func unsupported(code: UInt16, bits: UInt16) {
    let fixture = WAVFixture(code: code, bits: bits, data: samples)
    #expect(failure(of: fixture.bytes) == .unsupported("format \(code) with \(bits) bits"))
  }

  @Test("a float that is not finite is named by its position", arguments: [Float.nan, .infinity, -.infinity])
  func notFinite(value: Float) {
    let data = ([0.5, 0.25, value, 0.1] as [Float]).flatMap { little($0.bitPattern) }
    #expect(failure(of: WAVFixture(code: 3, bits: 32, data: data).bytes) == .notFinite(sample: 2))
  }

  @Test("a double beyond a float's range is not finite")
  func hugeDouble() {
    let fixture = WAVFixture(code: 3, bits: 64, data: little((1e300).bitPattern))
    #expect(failure(of: fixture.bytes) == .notFinite(sample: 0))
  }

  @Test("every truncation of a good file is an error or a shorter file, never a crash")
  func truncations() throws {
    let fixture = WAVFixture(channels: 2, bits: 24, data: [UInt8](repeating: 9, count: 60))
    let bytes = fixture.file(fixture.chunk("LIST", [1, 2, 3]) + fixture.formatChunk + fixture.dataChunk)
    for length in 0..<bytes.count {
      #expect(failure(of: Array(bytes.prefix(length))) != nil, "length \(length)")
    }
    #expect(failure(of: bytes) == nil)
  }

  @Test("20,000 random mutations never crash, and what is read is finite and no larger than the file")
  func mutations() throws {
    var generator = SeededGenerator(seed: 2026)
    let codes: [(UInt16, UInt16)] = [(1, 8), (1, 16), (1, 24), (1, 32), (3, 32), (3, 64), (0xFFFE, 16)]
    var readable = 0
    for round in 0..<20_000 {
      let (code, bits) = codes[round % codes.count]
      var bytes = WAVFixture(code: code, channels: 2, bits: bits, data: Array(repeating: 63, count: 64)).bytes
      for _ in 0..<Int.random(in: 1...6, using: &generator) {
        bytes[Int.random(in: 0..<bytes.count, using: &generator)] = .random(in: 0...255, using: &generator)
      }
      bytes.removeLast(Int.random(in: 0...4, using: &generator) * 7)
      guard let buffer = try? WAVReader.read(bytes) else { continue }
      readable += 1
      #expect(buffer.samples.count <= bytes.count)
      #expect(buffer.samples.allSatisfy { $0.isFinite })
      #expect(AudioBuffer.supportedSampleRates.contains(buffer.sampleRate))
    }
    #expect(readable > 100)
  }

  @Test("random bytes after a RIFF header never crash")
  func randomBytes() {
    var generator = SeededGenerator(seed: 3)
    for _ in 0..<5000 {
      let tail = (0..<Int.random(in: 0...80, using: &generator)).map { _ in
        UInt8.random(in: 0...255, using: &generator)
      }
      #expect(failure(of: Array("RIFF0000WAVE".utf8) + tail) != nil)
    }
  }

  @Test("each error says what is wrong with the file")
  func messages() {
    let errors: [AudioFileError] = [
      .notWAV, .truncated(expected: 8, found: 2), .missingChunk("data"), .malformed("it has no channels"),
      .unsupported("format 2 with 4 bits"), .unsupportedSampleRate(7), .notFinite(sample: 3),
    ]
    #expect(Set(errors.map(\.description)).count == errors.count)
    #expect(AudioFileError.unsupportedSampleRate(7).description.contains("7 Hz"))
    #expect(AudioFileError.truncated(expected: 8, found: 2).description.contains("8 bytes"))
  }
}
