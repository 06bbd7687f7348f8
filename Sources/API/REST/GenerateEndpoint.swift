import Chatterbox
import Foundation
import Hummingbird

/// `POST /api/v1/tts/generate`: a request's speech as an audio file.
struct GenerateEndpoint: Sendable {
  let engine: ChatterboxEngine
  let maxBodyBytes: Int
  let generations: GenerationLimit
  let temporaryDirectory: URL

  /// Speaks a request. Nothing leaves before the whole audio is made and checked.
  ///
  /// - Throws: ``APIError``, ``ChatterboxError``; `CancellationError` when the client has gone, which stops
  ///   the work.
  func respond(to request: Request) async throws -> Response {
    var request = request
    let asked = try GenerateRequest(json: try await body(of: &request))
    let stream = try engine.speak(asked.speech, delivery: .whole)
    let body = request.body
    let speech = try await generations.run {
      try await body.consumeWithCancellationOnInboundClose { _ in
        try await FinishedSpeech(of: stream, asked.format.encoding, in: temporaryDirectory)
      }
    }
    return try Response(speech)
  }

  private func body(of request: inout Request) async throws -> Data {
    guard request.hasJSONType else { throw APIError.unsupportedMediaType }
    if let length = request.headers[.contentLength].flatMap(Int.init), length > maxBodyBytes {
      throw APIError.bodyTooLarge(limit: maxBodyBytes)
    }
    do {
      return Data(try await request.collectBody(upTo: maxBodyBytes).readableBytesView)
    } catch let error as any HTTPResponseError where error.status == .contentTooLarge {
      throw APIError.bodyTooLarge(limit: maxBodyBytes)
    } catch is CancellationError {
      throw CancellationError()
    } catch {
      throw APIError.unreadableBody
    }
  }
}

extension Request {
  /// Whether the body says that it is JSON, or says nothing. Its charset does not matter: it must be UTF-8.
  fileprivate var hasJSONType: Bool {
    guard let type = headers[.contentType] else { return true }
    let name = type.prefix { $0 != ";" }.trimmingCharacters(in: .whitespaces)
    return name.lowercased() == "application/json"
  }
}

extension Response {
  /// Audio, and in the headers all that is known about it.
  fileprivate init(_ speech: FinishedSpeech) throws {
    let (info, timings) = (speech.summary.info, speech.summary.timings)
    var headers: HTTPFields = [
      .contentType: "audio/wav",
      .cacheControl: "no-store",
      // Watching for the client to go leaves the connection of no further use.
      .connection: "close",
      .chatterboxModel: info.model,
      .chatterboxLanguage: info.language,
      .chatterboxSeed: "\(info.seed)",
      .chatterboxSampleRate: "\(info.sampleRate)",
      .chatterboxModelSampleRate: "\(info.modelSampleRate)",
      .audioSHA256: speech.summary.sha256,
      .audioDuration: timings.duration.formatted(decimals: 3),
      .timeToFirstAudio: timings.firstAudio.formatted(decimals: 3),
      .realTimeFactor: timings.realTimeFactor.formatted(decimals: 3),
    ]
    if !info.warnings.isEmpty {
      headers[.chatterboxWarnings] = try JSONEncoder.asciiString(of: info.warnings)
    }
    self.init(status: .ok, headers: headers, body: speech.body)
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
