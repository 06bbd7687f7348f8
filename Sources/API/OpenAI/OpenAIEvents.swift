import Chatterbox
import Foundation
import Hummingbird
import Service

/// Speech as the server-sent events that OpenAI's clients read.
///
/// Source: https://platform.openai.com/docs/api-reference/audio/speech-audio-delta-event
enum OpenAIEvents {
  private struct Delta: Encodable {
    private let type = "speech.audio.delta"
    let audio: String

    init(audio: String) { self.audio = audio }
  }

  private struct Done: Encodable {
    private let type = "speech.audio.done"
    let usage: Usage

    init(usage: Usage) { self.usage = usage }
  }

  /// What a bill would be made of: characters in, and 25 speech tokens a second out.
  private struct Usage: Encodable {
    let input: Int
    let output: Int

    private enum CodingKeys: String, CodingKey {
      case input = "input_tokens"
      case output = "output_tokens"
      case total = "total_tokens"
    }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(input, forKey: .input)
      try container.encode(output, forKey: .output)
      try container.encode(input + output, forKey: .total)
    }
  }

  static func body(of answer: SpeechAnswer, characters: Int, _ context: APIContext) -> ResponseBody {
    answer.audio.streamedBody(context) { piece in
      try SpeechEvents.event(Delta(audio: Data(piece.bytes).base64EncodedString()))
    } ending: { outcome in
      switch outcome {
      case .success(let summary):
        let tokens = Int((summary.timings.duration * 25).rounded())
        return try SpeechEvents.event(Done(usage: Usage(input: characters, output: tokens)))
      case .failure(let error):
        return try SpeechEvents.event(OpenAIError(presenting: APIError(presenting: error)))
      }
    }
  }
}
