public import Foundation

/// The `.onnx.json` beside a Piper voice: its rate, its defaults, and which id every phoneme has.
public struct PiperVoiceConfiguration: Decodable, Sendable {
  /// The rate of the waveform, in Hz.
  public let sampleRate: Int
  /// The espeak-ng voice whose phonemes it was trained on: `en-us`.
  public let espeakVoice: String
  /// Its own noise and pace.
  public let options: VITSOptions
  /// How many speakers it has.
  public let speakers: Int

  private let phonemeIDs: [[Unicode.Scalar]: [Int32]]
  private let longestPhoneme: Int

  /// Why a configuration was refused.
  public struct Refusal: Error, CustomStringConvertible {
    /// What was wrong and what was expected.
    public let description: String
  }

  /// Reads a configuration.
  ///
  /// - Throws: ``Refusal`` when it is not a Piper voice's, or of a kind that cannot be spoken.
  public init(_ json: Data) throws(Refusal) {
    do {
      self = try JSONDecoder().decode(Self.self, from: json)
    } catch let refusal as Refusal {
      throw refusal
    } catch {
      throw Refusal(description: "the voice's .onnx.json is damaged or not a Piper voice's")
    }
  }

  /// Decodes the JSON object of Piper's voices.
  public init(from decoder: any Decoder) throws {
    let file = try File(from: decoder)
    guard (4_000...192_000).contains(file.audio.sampleRate) else {
      throw Refusal(
        description: "the voice's sample rate, \(file.audio.sampleRate) Hz, is not a rate of speech")
    }
    guard (file.phonemeType ?? "espeak") == "espeak", let voice = file.espeak?.voice else {
      throw Refusal(
        description: "the voice does not speak espeak-ng's phonemes; only such voices are supported")
    }
    sampleRate = file.audio.sampleRate
    espeakVoice = voice
    speakers = max(1, file.numberOfSpeakers ?? 1)
    options = VITSOptions(
      noiseScale: file.inference?.noiseScale ?? 0.667, durationNoiseScale: file.inference?.noiseW ?? 0.8,
      lengthScale: file.inference?.lengthScale ?? 1)
    phonemeIDs = Dictionary(
      file.phonemeIDMap.map { (Array($0.key.unicodeScalars), $0.value) },
      uniquingKeysWith: { first, _ in first })
    longestPhoneme = phonemeIDs.keys.map(\.count).max() ?? 1
    guard Self.marks.allSatisfy({ phonemeIDs[[$0]] != nil }) else {
      throw Refusal(description: "the voice's phoneme_id_map lacks one of the marks _ ^ $")
    }
  }

  private static let marks: [Unicode.Scalar] = ["_", "^", "$"]

  /// The ids of phonemes: a start mark, every phoneme followed by a pad, an end mark.
  ///
  /// Phonemes that the voice does not know are left out, as Piper leaves them out.
  public func ids(of phonemes: String) -> [Int32] {
    let pad = phonemeIDs[["_"]] ?? []
    var ids = (phonemeIDs[["^"]] ?? []) + pad
    let scalars = Array(phonemes.decomposedStringWithCanonicalMapping.unicodeScalars)
    var index = 0
    while index < scalars.count {
      let longest = min(longestPhoneme, scalars.count - index)
      let match = stride(from: longest, to: 0, by: -1).lazy
        .compactMap { length in self.phonemeIDs[Array(scalars[index..<index + length])].map { (length, $0) } }
        .first
      if let match { ids += match.1 + pad }
      index += match?.0 ?? 1
    }
    return ids + (phonemeIDs[["$"]] ?? [])
  }

  /// The largest id in the map.
  public var largestID: Int32 { phonemeIDs.values.joined().max() ?? 0 }
}

/// The JSON as it lies in the file.
private struct File: Decodable {
  struct Audio: Decodable {
    let sampleRate: Int
    enum CodingKeys: String, CodingKey { case sampleRate = "sample_rate" }
  }
  struct Espeak: Decodable {
    let voice: String
  }
  struct Inference: Decodable {
    let noiseScale: Float?
    let lengthScale: Float?
    let noiseW: Float?
    enum CodingKeys: String, CodingKey {
      case noiseScale = "noise_scale"
      case lengthScale = "length_scale"
      case noiseW = "noise_w"
    }
  }

  let audio: Audio
  let espeak: Espeak?
  let inference: Inference?
  let numberOfSpeakers: Int?
  let phonemeType: String?
  let phonemeIDMap: [String: [Int32]]

  enum CodingKeys: String, CodingKey {
    case audio
    case espeak
    case inference
    case numberOfSpeakers = "num_speakers"
    case phonemeType = "phoneme_type"
    case phonemeIDMap = "phoneme_id_map"
  }
}
