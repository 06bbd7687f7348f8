import Foundation

/// What `tools/reference/chatterbox/audio_golden.py` found.
struct AudioGolden: Decodable {
  struct File: Decodable {
    let rate: Int
    let samples: Int
  }

  /// The voice with zeros around, and where librosa cuts it.
  struct Trim: Decodable, Sendable {
    let before: Int
    let gain: Float
    let after: Int
    let start: Int
    let end: Int
  }

  /// The voice several times over without its last samples, and how loud pyloudnorm finds it.
  struct Loudness: Decodable, Sendable {
    let repeats: Int
    let gain: Float
    let dropped: Int
    let lufs: Double?
  }

  let files: [String: File]
  /// Input count, input rate, output rate, output count.
  let lengths: [[Int]]
  let trims: [Trim]
  let loudnesses: [Loudness]

  static func load() throws -> AudioGolden {
    try JSONDecoder().decode(AudioGolden.self, from: Data(contentsOf: url("golden.json")))
  }

  /// Raw float32 samples.
  static func samples(_ name: String) throws -> [Float] {
    let data = try Data(contentsOf: url("\(name).f32"))
    return data.withUnsafeBytes { bytes in
      (0..<bytes.count / 4).map { bytes.loadUnaligned(fromByteOffset: $0 * 4, as: Float.self) }
    }
  }

  static func bytes(_ name: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: url(name))) }

  static func url(_ name: String) -> URL {
    URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../Fixtures/audio/\(name)").standardized
  }
}
