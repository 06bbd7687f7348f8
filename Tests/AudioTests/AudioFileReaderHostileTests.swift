import Audio
import Testing

@Suite("AudioFileReader on hostile files")
struct AudioFileReaderHostileTests {
  private func failure(of bytes: [UInt8], limits: AudioFileLimits = AudioFileLimits()) -> AudioFileError? {
    do throws(AudioFileError) {
      _ = try AudioFileReader.read(bytes, limits: limits)
      return nil
    } catch {
      return error
    }
  }

  @Test(
    "what is not audio is refused, and the message names what is read",
    arguments: [
      "", "R", "hello, this is a text file", "RIFF0000AVI LIST", "ID3",
      "ID3\u{4}\0\0\u{7f}\u{7f}\u{7f}\u{7f}",
      ".snd\0\0\0\u{18}", "FORM\0\0\0\0AIFF", "MATLAB 5.0 MAT-file", "Creative Voice File\u{1a}",
      "caff\0\u{1}",
      "ID3\u{4}\0\0\0\0\0\0.snd\0\0\0\u{18}",
    ])
  func notAudio(text: String) {
    let error = failure(of: Array(text.utf8))
    #expect(error == .notAudio)
    #expect(error?.description.contains("WAV, FLAC, MP3 or OGG") == true)
  }

  @Test("a format's first bytes alone are not a file", arguments: ["fLaC", "OggS", "OggS\0\u{2}"])
  func headOnly(text: String) {
    let error = failure(of: Array(text.utf8))
    #expect(error == .unreadable(format: text.hasPrefix("f") ? "FLAC" : "OGG"))
  }

  @Test("MPEG synchronisation and nothing after is not a file")
  func emptyMP3() {
    #expect(failure(of: [0xFF, 0xFB]) == .unreadable(format: "MP3"))
    #expect(failure(of: [0xFF, 0xFB] + [UInt8](repeating: 0, count: 5000)) == .unreadable(format: "MP3"))
    #expect(failure(of: [0xFF, 0xFF]) == .unreadable(format: "MP3"))
    #expect(failure(of: [0xFF, 0xE9, 1, 2]) == .notAudio)
  }

  @Test("a file that is cut in two is refused", arguments: AudioFileReaderTests.files)
  func halves(name: String) throws {
    let bytes = try AudioGolden.bytes(name)
    let error = try #require(failure(of: Array(bytes.prefix(bytes.count / 2))))
    switch error {
    case .unreadable, .endsEarly: break
    default: Issue.record("unexpected: \(error)")
    }
  }

  @Test("every truncation is an error or shorter audio", arguments: AudioFileReaderTests.files)
  func truncations(name: String) throws {
    let bytes = try AudioGolden.bytes(name)
    let whole = try AudioFileReader.read(bytes).samples.count
    for length in stride(from: 0, to: bytes.count, by: 97) {
      guard let audio = try? AudioFileReader.read(Array(bytes.prefix(length))) else { continue }
      #expect(audio.samples.count <= whole)
    }
  }

  @Test("a FLAC header that claims hours is refused before they are decoded")
  func lyingFLAC() throws {
    var bytes = try AudioGolden.bytes("flac-44100-stereo.flac")
    // The 36-bit count of samples in STREAMINFO.
    bytes[21] |= 0x0F
    bytes.replaceSubrange(22..<26, with: [255, 255, 255, 255])
    #expect(failure(of: bytes) == .tooLong(limit: 600))
    bytes[21] &= 0xF0
    bytes.replaceSubrange(22..<26, with: [0, 0, 0x40, 0])
    #expect(failure(of: bytes) == .endsEarly(format: "FLAC"))
    bytes.replaceSubrange(22..<26, with: [0, 0, 0, 0])
    #expect(try AudioFileReader.read(bytes).samples.count == 9000)
  }

  @Test("audio beyond the limits is refused, whoever decodes it", arguments: AudioFileReaderTests.files)
  func limits(name: String) throws {
    let bytes = try AudioGolden.bytes(name)
    var limits = AudioFileLimits()
    limits.seconds = 0.2
    #expect(failure(of: bytes, limits: limits) == .tooLong(limit: 0.2))
    limits = AudioFileLimits()
    limits.samples = 5000
    #expect(failure(of: bytes, limits: limits) == .tooManySamples(limit: 5000))
    limits = AudioFileLimits()
    limits.bytes = bytes.count - 1
    #expect(failure(of: bytes, limits: limits) == .tooLarge(limit: bytes.count - 1))
  }

  @Test("audio that does not say its length is held to the limits, too")
  func limitsWhileDecoding() throws {
    var bytes = try AudioGolden.bytes("flac-44100-stereo.flac")
    bytes.replaceSubrange(22..<26, with: [0, 0, 0, 0])
    var limits = AudioFileLimits()
    limits.seconds = 0.1
    #expect(failure(of: bytes, limits: limits) == .tooLong(limit: 0.1))
  }

  @Test("a WAV file is held to the limits before it is decoded")
  func wavLimits() {
    let bytes = WAVFixture(channels: 8, sampleRate: 192_000, data: [UInt8](repeating: 1, count: 32_000)).bytes
    #expect(failure(of: bytes) == nil)
    var limits = AudioFileLimits()
    limits.samples = 15_999
    #expect(failure(of: bytes, limits: limits) == .tooManySamples(limit: 15_999))
    limits.seconds = 0.01
    #expect(failure(of: bytes, limits: limits) == .tooLong(limit: 0.01))
  }

  @Test("a WAV file without channels, with a lying size or with NaN is refused")
  func wav() {
    #expect(
      failure(of: WAVFixture(channels: 0, data: [1, 2]).bytes) == .malformed("it has no channels"))
    #expect(
      failure(of: WAVFixture(data: [1, 2], dataSize: 1 << 30).bytes)
        == .truncated(expected: 1 << 30, found: 2))
    let data = little(Float.nan.bitPattern)
    #expect(failure(of: WAVFixture(code: 3, bits: 32, data: data).bytes) == .notFinite(sample: 0))
  }

  @Test("a rate that nobody uses is refused")
  func rate() throws {
    var bytes = try AudioGolden.bytes("flac-one-sample.flac")
    // 20 bits of rate in STREAMINFO: 500 Hz.
    bytes.replaceSubrange(18..<21, with: [0, 0x1F, 0x40 | bytes[20] & 0x0F])
    let error = try #require(failure(of: bytes))
    #expect(error == .unsupportedSampleRate(500) || error == .unreadable(format: "FLAC"))
  }

  @Test("random damage never crashes, and what is read is finite", arguments: AudioFileReaderTests.files)
  func mutations(name: String) throws {
    let bytes = try AudioGolden.bytes(name)
    var generator = SeededGenerator(seed: 5)
    // mpg123 reports each damaged frame on standard error, and nothing can stop it.
    let rounds = name.hasSuffix("mp3") ? 40 : 400
    for round in 0..<rounds {
      var damaged = bytes
      // Headers lie in front, so every second round keeps to them.
      let reach = round.isMultiple(of: 2) ? min(bytes.count, 300) : bytes.count
      for _ in 0..<Int.random(in: 1...8, using: &generator) {
        damaged[Int.random(in: 4..<reach, using: &generator)] = .random(in: 0...255, using: &generator)
      }
      guard let audio = try? AudioFileReader.read(damaged) else { continue }
      #expect(audio.samples.allSatisfy { $0.isFinite })
      #expect(AudioBuffer.supportedSampleRates.contains(audio.sampleRate))
    }
  }
}
