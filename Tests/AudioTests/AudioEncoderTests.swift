import Foundation
import Testing

@testable import Audio

@Suite("Encoders")
struct AudioEncoderTests {
  private static let sampleRate = 24_000
  /// Those that libsndfile reads again.
  private static let readable: [AudioFormat] = [.wav, .floatWAV, .mp3, .opus, .flac]

  /// Something like a voice: a tone whose pitch and loudness change.
  private static func voice(seconds: Double) -> [Float] {
    (0..<Int(seconds * Double(sampleRate))).map { index in
      let time = Double(index) / Double(sampleRate)
      let pitch = 180 + 40 * sin(2 * .pi * 3 * time)
      return Float(0.4 * sin(2 * .pi * pitch * time) * (0.6 + 0.4 * sin(2 * .pi * 2 * time)))
    }
  }

  private static func encoded(
    _ samples: [Float], _ format: AudioFormat, isFile: Bool, step: Int = 2_000
  ) throws -> [UInt8] {
    let encoder = try format.makeEncoder(sampleRate: sampleRate, isFile: isFile)
    var bytes: [UInt8] = []
    for start in stride(from: 0, to: samples.count, by: step) {
      bytes += try encoder.encode(Array(samples[start..<min(start + step, samples.count)]))
    }
    bytes += try encoder.finish()
    let header = encoder.finalHeader
    if isFile { bytes.replaceSubrange(0..<min(header.count, bytes.count), with: header) }
    return bytes
  }

  /// The best correlation of two signals, one of which may be late.
  private static func likeness(_ a: [Float], _ b: [Float], latest: Int) -> Float {
    let window = a[4_000..<12_000]
    let energy = window.reduce(0) { $0 + $1 * $1 }
    return stride(from: 0, through: latest, by: 5).map { shift -> Float in
      guard 4_000 + shift + window.count <= b.count else { return 0 }
      let other = b[(4_000 + shift)..<(12_000 + shift)]
      let product = zip(window, other).reduce(0) { $0 + $1.0 * $1.1 }
      let otherEnergy = other.reduce(0) { $0 + $1 * $1 }
      return product / (energy * otherEnergy).squareRoot()
    }.max() ?? 0
  }

  @Test("What another library reads of a file is what was said", arguments: readable)
  func roundTrip(_ format: AudioFormat) throws {
    let samples = Self.voice(seconds: 2)
    let bytes = try Self.encoded(samples, format, isFile: true)
    let audio = try AudioFileReader.read(bytes)
    let decoded = try audio.resampled(to: Self.sampleRate).samples
    #expect(abs(decoded.count - samples.count) < 2_500, "\(decoded.count)")
    #expect(Self.likeness(samples, decoded, latest: 1_500) > 0.97)
  }

  @Test("A stream is readable without its final header, too", arguments: [AudioFormat.mp3, .opus, .flac])
  func stream(_ format: AudioFormat) throws {
    let samples = Self.voice(seconds: 1)
    let audio = try AudioFileReader.read(Self.encoded(samples, format, isFile: false))
    #expect(abs(audio.duration - 1) < 0.1)
  }

  @Test("FLAC loses nothing of 16 bits")
  func lossless() throws {
    let samples = Self.voice(seconds: 1)
    let audio = try AudioFileReader.read(Self.encoded(samples, .flac, isFile: true))
    #expect(PCM16.encode(audio.samples) == PCM16.encode(samples))
  }

  @Test("A FLAC file knows its length, a FLAC stream does not")
  func streamInfo() throws {
    let samples = Self.voice(seconds: 1)
    let file = try Self.encoded(samples, .flac, isFile: true)
    let stream = try Self.encoded(samples, .flac, isFile: false)
    let count = { (bytes: [UInt8]) in
      bytes[21..<26].reduce(0) { $0 << 8 | Int($1) } & 0xF_FFFF_FFFF
    }
    #expect(count(file) == samples.count)
    #expect(count(stream) == 0)
    #expect(file[26..<42] != stream[26..<42])
    #expect(file[42...] == stream[42...])
  }

  @Test("AAC is a chain of ADTS frames of 1,024 samples at 24 kHz")
  func adts() throws {
    let samples = Self.voice(seconds: 2)
    let bytes = try Self.encoded(samples, .aac, isFile: true)
    var position = 0
    var frames = 0
    while position < bytes.count {
      try #require(bytes.count - position >= 7)
      #expect(bytes[position] == 0xFF && bytes[position + 1] & 0xF6 == 0xF0)
      #expect(bytes[position + 2] >> 2 & 0xF == 6, "24 kHz")
      let length =
        Int(bytes[position + 3] & 3) << 11 | Int(bytes[position + 4]) << 3 | Int(bytes[position + 5] >> 5)
      try #require(length > 7)
      position += length
      frames += 1
    }
    #expect(position == bytes.count)
    #expect(frames == (samples.count + 1_023) / 1_024 + 1)
    // 64 kbit/s
    #expect((8_000...20_000).contains(bytes.count))
  }

  @Test("A stream begins within a second of sound", arguments: AudioFormat.allCases)
  func early(_ format: AudioFormat) throws {
    let encoder = try format.makeEncoder(sampleRate: Self.sampleRate)
    let samples = Self.voice(seconds: 1)
    var count = 0
    for start in stride(from: 0, to: samples.count, by: 1_200) {
      count += try encoder.encode(Array(samples[start..<start + 1_200])).count
    }
    #expect(count > 1_000)
  }

  /// Opus in Ogg looks ahead as far as it is given, and gives each stream a number of its own.
  @Test(
    "The size of the pieces does not matter", arguments: AudioFormat.allCases.filter { $0 != .opus })
  func pieces(_ format: AudioFormat) throws {
    let samples = Self.voice(seconds: 0.3)
    let whole = try Self.encoded(samples, format, isFile: true, step: samples.count)
    let single = try Self.encoded(samples, format, isFile: true, step: 1)
    #expect(whole == single)
  }

  @Test("Nothing at all is still a file, or nothing", arguments: AudioFormat.allCases)
  func empty(_ format: AudioFormat) throws {
    let encoder = try format.makeEncoder(sampleRate: Self.sampleRate, isFile: true)
    #expect(try encoder.encode([]).count < 5_000)
    _ = try encoder.finish()
    _ = encoder.finalHeader
  }

  @Test("Samples that are no numbers, or too loud, do no harm", arguments: AudioFormat.allCases)
  func hostile(_ format: AudioFormat) throws {
    let samples = (0..<24_000).map { index -> Float in
      switch index % 4 {
      case 0: .nan
      case 1: .infinity
      case 2: -1e30
      default: 0.5
      }
    }
    let bytes = try Self.encoded(samples, format, isFile: true)
    #expect(!bytes.isEmpty)
    if Self.readable.contains(format) {
      #expect(try AudioFileReader.read(bytes).samples.allSatisfy(\.isFinite))
    }
  }

  @Test("Encoders are freed, also in the middle", arguments: AudioFormat.allCases)
  func freed(_ format: AudioFormat) throws {
    let samples = Self.voice(seconds: 0.01)
    for _ in 0..<100 {
      let encoder = try format.makeEncoder(sampleRate: Self.sampleRate)
      _ = try encoder.encode(samples)
    }
  }

  @Test("A rate that a codec does not have is an error")
  func rate() {
    #expect(throws: AudioEncodingError.self) { try AudioFormat.aac.makeEncoder(sampleRate: 7) }
  }

  @Test("Every format has a media type and a file extension of its own kind")
  func names() {
    #expect(Set(AudioFormat.allCases.map(\.fileExtension)).count == AudioFormat.allCases.count - 1)
    for format in AudioFormat.allCases { #expect(format.mediaType.hasPrefix("audio/")) }
  }
}
