import Audio
import Foundation
import Testing

@Suite("AudioFileReader")
struct AudioFileReaderTests {
  static let files = [
    "flac-44100-stereo.flac", "mp3-44100-stereo.mp3", "vorbis-22050-stereo.ogg", "opus-24000-mono.ogg",
  ]

  @Test("what librosa.load reads from a file, we read", arguments: files)
  func parity(name: String) throws {
    let golden = try #require(try AudioGolden.load().files[name])
    let audio = try AudioFileReader.read(try AudioGolden.bytes(name))
    #expect(audio.sampleRate == golden.rate)
    #expect(audio.samples.count == golden.samples)
    #expect(signalToNoise(audio.samples[...], expected: try AudioGolden.samples(name)[...]) > 100)
  }

  @Test("a file on disk reads as its bytes do")
  func onDisk() throws {
    let name = "flac-44100-stereo.flac"
    let audio = try AudioFileReader.read(contentsOf: AudioGolden.url(name))
    #expect(audio == (try AudioFileReader.read(try AudioGolden.bytes(name))))
  }

  @Test("a file that is not there names itself")
  func missing() {
    #expect(throws: UnreadableFileError.self) {
      try AudioFileReader.read(contentsOf: URL(filePath: "/nowhere/voice.flac"))
    }
  }

  @Test("an endless file ends at the limit")
  func endless() {
    var limits = AudioFileLimits()
    limits.bytes = 1 << 16
    #expect(throws: AudioFileError.tooLarge(limit: 1 << 16)) {
      try AudioFileReader.read(contentsOf: URL(filePath: "/dev/zero"), limits: limits)
    }
  }

  @Test("WAV is read by WAVReader, sample for sample")
  func wav() throws {
    let bytes = WAVFixture(channels: 2, bits: 24, data: [UInt8](repeating: 9, count: 60)).bytes
    #expect(try AudioFileReader.read(bytes) == WAVReader.read(bytes))
  }

  @Test("eight channels at 192 kHz become their mean")
  func eightChannels() throws {
    let audio = try AudioFileReader.read(try AudioGolden.bytes("flac-192000-eight.flac"))
    #expect(audio.sampleRate == 192_000)
    #expect(audio.samples.count == 512)
    // The channels are the voice at 1/8, 2/8 … 8/8.
    let expected = try AudioGolden.samples("voice")[4_000..<4_512].map { $0 * 4.5 / 8 }
    #expect(signalToNoise(audio.samples[...], expected: expected[...]) > 100)
  }

  @Test("a file of one sample is one sample")
  func oneSample() throws {
    #expect(try AudioFileReader.read(try AudioGolden.bytes("flac-one-sample.flac")).samples.count == 1)
  }

  @Test("tags before the sound make no difference", arguments: files)
  func tags(name: String) throws {
    let bytes = try AudioGolden.bytes(name)
    let tag = Array("ID3".utf8) + [4, 0, 0, 0, 0, 1, 2] + [UInt8](repeating: 7, count: 130)
    let padding = [UInt8](repeating: 0, count: 33)
    let plain = try AudioFileReader.read(bytes)
    #expect(try AudioFileReader.read(tag + bytes) == plain)
    #expect(try AudioFileReader.read(tag + tag + padding + bytes) == plain)
  }

  @Test("many files at once read as one does")
  func concurrent() async throws {
    let expected = try Self.files.map { try AudioFileReader.read(try AudioGolden.bytes($0)) }
    try await withThrowingTaskGroup(of: Bool.self) { group in
      for index in 0..<40 {
        group.addTask {
          let bytes = try AudioGolden.bytes(Self.files[index % 4])
          _ = try? AudioFileReader.read(Array(bytes.prefix(900)))
          return try AudioFileReader.read(bytes) == expected[index % 4]
        }
      }
      for try await isEqual in group { #expect(isEqual) }
    }
  }
}
