import Audio
import Chatterbox
import Foundation
import HTTPTypes
import Service

extension HTTPFields {
  /// What is known of an answer's audio before the first of it.
  ///
  /// - Parameter warnings: what to say beside what the engine does.
  init(_ answer: SpeechAnswer, warnings: [SpeechWarning] = []) throws {
    let info = answer.info
    self = [
      .contentType: answer.audio.recording.format.mediaType,
      .cacheControl: "no-store",
      .chatterboxModel: info.model,
      .chatterboxLanguage: info.language,
      .chatterboxSeed: "\(info.seed)",
      .chatterboxSampleRate: "\(info.sampleRate)",
      .chatterboxModelSampleRate: "\(info.modelSampleRate)",
      .xCache: answer.source.rawValue,
    ]
    let warnings = warnings + info.warnings
    if !warnings.isEmpty {
      self[.chatterboxWarnings] = try JSONEncoder.asciiString(of: warnings)
    }
  }

  /// What is known once it is whole.
  mutating func add(_ summary: RecordingSummary) {
    self[.audioSHA256] = summary.sha256
    self[.audioDuration] = summary.timings.duration.formatted(decimals: 3)
    self[.timeToFirstAudio] = summary.timings.firstAudio.formatted(decimals: 3)
    self[.realTimeFactor] = summary.timings.realTimeFactor.formatted(decimals: 3)
  }
}

extension JSONEncoder {
  /// A value's JSON on one line, with everything beyond ASCII escaped, as a header needs it.
  static func asciiString(of value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self).utf16.reduce(into: "") { ascii, unit in
      if let character = Unicode.Scalar(unit), character.isASCII {
        ascii.unicodeScalars.append(character)
      } else {
        ascii += String(format: "\\u%04x", unit)
      }
    }
  }
}
