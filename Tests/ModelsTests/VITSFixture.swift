import Foundation
import Models
import Tensor

/// A case of `tools/reference/vits_golden.py`: what onnxruntime made of the same ids with both noises 0.
struct VITSFixture: Decodable {
  let voice: String
  let ids: [Int32]
  let lengthScale: Float
  let speaker: Int?
  let framesPerID: [Int]
  var name = ""

  enum CodingKeys: String, CodingKey {
    case voice
    case ids
    case lengthScale = "length_scale"
    case speaker
    case framesPerID = "frames_per_id"
  }

  /// The waveform that onnxruntime made.
  var waveform: [Float] {
    get throws {
      let data = try Data(contentsOf: Self.folder.appending(path: "\(name).f32"))
      return data.withUnsafeBytes { bytes in
        (0..<bytes.count / 4).map { bytes.loadUnaligned(fromByteOffset: $0 * 4, as: Float.self) }
      }
    }
  }

  /// Ours, for the same ids.
  func synthesize(with vits: VITS) throws -> (durations: [Int], waveform: [Float]) {
    let options = VITSOptions(
      noiseScale: 0, durationNoiseScale: 0, lengthScale: lengthScale, speaker: speaker ?? 0)
    var utterance = try vits.utterance(ids, options, seed: 0)
    var waveform: [Float] = []
    while let window = try vits.next(&utterance) { waveform += window }
    return (utterance.durations, waveform)
  }

  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../Fixtures/vits").standardized

  static func named(_ name: String) throws -> VITSFixture {
    let json = try Data(contentsOf: folder.appending(path: "\(name).json"))
    var fixture = try JSONDecoder().decode(VITSFixture.self, from: json)
    fixture.name = name
    return fixture
  }

  /// The starter voice that `make setup` installs.
  static var starterVoice: String {
    let environment = ProcessInfo.processInfo.environment
    let store =
      environment["CHATTERBOX_MODELS_CACHE_DIR"].map { URL(filePath: $0) }
      ?? FileManager.default.homeDirectoryForCurrentUser.appending(
        path: platformStore)
    return store.appending(path: "starter/en_US-joe-medium.onnx").path
  }

  #if os(macOS)
    private static let platformStore = "Library/Application Support/chatterbox/models"
  #else
    private static let platformStore = ".local/share/chatterbox/models"
  #endif
}

/// The signal-to-noise ratio of a waveform against its reference, in dB.
func signalToNoise(_ waveform: [Float], _ reference: [Float]) -> Double {
  var (signal, noise) = (0.0, 0.0)
  for (ours, theirs) in zip(waveform, reference) {
    signal += Double(theirs * theirs)
    noise += Double((ours - theirs) * (ours - theirs))
  }
  return 10 * log10(signal / max(noise, 1e-30))
}
