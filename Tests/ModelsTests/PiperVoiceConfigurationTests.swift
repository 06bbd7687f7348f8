import Foundation
import Models
import Testing

@Suite("PiperVoiceConfiguration")
struct PiperVoiceConfigurationTests {
  /// A voice's JSON: a valid one, with some values changed.
  private func json(_ changes: [String: Any?] = [:], phonemes: [String: [Int]] = [:]) throws -> Data {
    let marks = ["_": [0], "^": [1], "$": [2]]
    var voice: [String: Any] = [
      "audio": ["sample_rate": 22_050, "quality": "medium"],
      "espeak": ["voice": "en-us"],
      "inference": ["noise_scale": 0.5, "length_scale": 1.25, "noise_w": 0.25],
      "phoneme_type": "espeak",
      "num_speakers": 4,
      "phoneme_id_map": marks.merging(phonemes) { $1 },
    ]
    for (key, value) in changes { voice[key] = value }
    return try JSONSerialization.data(withJSONObject: voice)
  }

  private func configuration(_ phonemes: [String: [Int]]) throws -> PiperVoiceConfiguration {
    try PiperVoiceConfiguration(json(phonemes: phonemes))
  }

  private func refusal(of json: Data) -> String? {
    #expect(throws: PiperVoiceConfiguration.Refusal.self) { try PiperVoiceConfiguration(json) }?.description
  }

  @Test("reads a voice's rate, language, speakers and options")
  func reads() throws {
    let voice = try PiperVoiceConfiguration(json())
    #expect(voice.sampleRate == 22_050)
    #expect(voice.espeakVoice == "en-us")
    #expect(voice.speakers == 4)
    #expect(voice.options == VITSOptions(noiseScale: 0.5, durationNoiseScale: 0.25, lengthScale: 1.25))
    #expect(voice.largestID == 2)
  }

  @Test("takes Piper's defaults for what a voice leaves out")
  func defaults() throws {
    let voice = try PiperVoiceConfiguration(
      json(["inference": nil, "num_speakers": nil, "phoneme_type": nil]))
    #expect(voice.options == VITSOptions(noiseScale: 0.667, durationNoiseScale: 0.8, lengthScale: 1))
    #expect(voice.speakers == 1)
    #expect(
      try PiperVoiceConfiguration(json(["inference": [String: Any](), "num_speakers": 0])).speakers == 1)
  }

  @Test("reads the fixtures' configurations", arguments: ["synthetic-x_low", "synthetic-speakers-high"])
  func fixtures(name: String) throws {
    let path = VITSFixture.folder.appending(path: "\(name).onnx.json")
    let voice = try PiperVoiceConfiguration(Data(contentsOf: path))
    #expect(voice.largestID == 61)
    #expect(voice.ids(of: "hi") == [1, 0, 20, 0, 21, 0, 2])
  }

  @Test("puts a pad after the start mark and after every phoneme")
  func pads() throws {
    let voice = try configuration(["a": [10], "b": [11]])
    #expect(voice.ids(of: "ab") == [1, 0, 10, 0, 11, 0, 2])
    #expect(voice.ids(of: "a") == [1, 0, 10, 0, 2])
    #expect(voice.ids(of: "") == [1, 0, 2])
  }

  @Test("leaves out phonemes that the voice does not know")
  func unknown() throws {
    let voice = try configuration(["a": [10]])
    #expect(voice.ids(of: "xaxxa日x") == [1, 0, 10, 0, 10, 0, 2])
    #expect(voice.ids(of: "日本👍") == [1, 0, 2])
  }

  @Test("decomposes letters, so that a combining mark is a phoneme of its own")
  func decomposition() throws {
    let voice = try configuration(["c": [10], "\u{327}": [11], "a": [12], "\u{303}": [13]])
    let expected: [Int32] = [1, 0, 10, 0, 11, 0, 12, 0, 13, 0, 2]
    #expect(voice.ids(of: "\u{E7}\u{E3}") == expected)
    #expect(voice.ids(of: "c\u{327}a\u{303}") == expected)
  }

  @Test("takes the longest phoneme that fits, also at the end")
  func longestFirst() throws {
    let voice = try configuration(["a": [10], "aɪ": [11], "aɪə": [12], "ɪ": [13]])
    #expect(voice.ids(of: "aɪəaɪaaɪ") == [1, 0, 12, 0, 11, 0, 10, 0, 11, 0, 2])
    #expect(voice.ids(of: "ɪa") == [1, 0, 13, 0, 10, 0, 2])
    // ə is known only as a part of a longer phoneme.
    #expect(voice.ids(of: "əa") == [1, 0, 10, 0, 2])
  }

  @Test("a phoneme may have several ids, or none")
  func severalIDs() throws {
    let voice = try configuration(["a": [10, 11], "b": []])
    #expect(voice.ids(of: "ab") == [1, 0, 10, 11, 0, 0, 2])
    #expect(voice.largestID == 11)
  }

  @Test(
    "refuses what is not a Piper voice's JSON",
    arguments: ["", "{", "[]", "null", "7", "{}", #"{"audio":{}}"#])
  func notJSON(text: String) {
    #expect(refusal(of: Data(text.utf8)) == "the voice's .onnx.json is damaged or not a Piper voice's")
  }

  @Test("refuses a configuration cut anywhere")
  func truncated() throws {
    let whole = try json()
    for length in 0..<whole.count { #expect(refusal(of: whole.prefix(length)) != nil, "\(length) bytes") }
  }

  @Test("refuses a voice of other phonemes than espeak-ng's")
  func otherPhonemes() throws {
    #expect(try refusal(of: json(["phoneme_type": "text"]))?.contains("espeak-ng's phonemes") == true)
    #expect(try refusal(of: json(["espeak": nil]))?.contains("espeak-ng's phonemes") == true)
  }

  @Test("refuses a voice without a pad, a start mark or an end mark", arguments: ["_", "^", "$"])
  func missingMark(mark: String) throws {
    var marks = ["_": [0], "^": [1], "$": [2]]
    marks[mark] = nil
    #expect(try refusal(of: json(["phoneme_id_map": marks]))?.contains("lacks one of the marks") == true)
  }

  @Test("refuses a rate that is none of speech", arguments: [-1, 0, 1, 3_999, 192_001, .max])
  func absurdRate(rate: Int) throws {
    #expect(try refusal(of: json(["audio": ["sample_rate": rate]]))?.contains("\(rate) Hz") == true)
  }

  @Test("takes any rate of speech", arguments: [4_000, 16_000, 48_000, 192_000])
  func rates(rate: Int) throws {
    #expect(try PiperVoiceConfiguration(json(["audio": ["sample_rate": rate]])).sampleRate == rate)
  }

  @Test("refuses ids that are no 32-bit integers")
  func absurdIDs() throws {
    for ids: [Any] in [[1 << 40], ["a"], [0.5]] {
      let map: [String: [Any]] = ["_": [0], "^": [1], "$": ids]
      #expect(try refusal(of: json(["phoneme_id_map": map])) != nil)
    }
  }
}
