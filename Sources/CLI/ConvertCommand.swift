import ArgumentParser
import Audio
import Chatterbox
import Foundation

/// `chatterbox convert`: what a recording says, in another voice.
struct ConvertCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "convert", abstract: "Say again in another voice what a recording says.",
    discussion: "  chatterbox convert in.wav --voice hero --model turbo -o out.wav")

  @Argument(help: "A WAV, FLAC, MP3 or OGG file.")
  var recording: String

  @Option(help: "A saved voice's name or a .voice file; the model's own voice by default.")
  var voice: String?

  @Option(help: "The model whose decoder speaks: standard, turbo, nano or multilingual.")
  var model = "standard"

  @Option(name: .shortAndLong, help: ArgumentHelp("The WAV file to write.", valueName: "file"))
  var output: String

  @Option(help: "Makes the result reproducible.")
  var seed: UInt64 = 0

  @OptionGroup var engineOptions: EngineOptions

  func run() async throws {
    let engine = try engineOptions.makeEngine()
    let voice = try voice.map { try VoiceArgument.voice($0, in: engine.voices) }
    let (recording, model, seed) = (recording, model, seed)
    let audio = try await Interruption.cancelling {
      try await engine.convert(recording, to: voice, model: model, seed: seed)
    }
    try audio.saveWAV(to: output)
    Terminal.note([("audio", String(format: "%.2f s", audio.duration)), ("file", output)])
  }
}
