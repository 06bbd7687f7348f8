import ArgumentParser
import Audio
import Chatterbox
import Foundation

/// `chatterbox say`: speaks a text into a file or a pipe.
struct SayCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "say", abstract: "Speak a text into a WAV file.",
    discussion: """
      The text is the argument, a file, or standard input. Without -o the audio goes to standard output, \
      which must then be a pipe or a file.

        chatterbox say "Good morning." -o morning.wav
        chatterbox say --file book.txt --preset narration -o book.wav
        echo "Guten Morgen." | chatterbox say --language de | aplay
      """)

  @Argument(help: "What to say.")
  var text: String?

  @Option(name: .shortAndLong, help: ArgumentHelp("Read the text from a file.", valueName: "file"))
  var file: String?

  @Option(
    name: .shortAndLong, help: ArgumentHelp("Where the audio goes; - is standard output.", valueName: "file"))
  var output: String?

  @Option(help: "A preset, such as language_learning; see 'presets list'.")
  var preset: String?

  @Option(help: "A model, such as starter; see 'models list'.")
  var model: String?

  @Option(help: "A saved voice's name, or a .voice file; the model's own voice by default.")
  var voice: String?

  @Option(help: "One of the 23 languages: en, ko, de, …")
  var language: String?

  @Option(help: "Pace, 0.5 to 2, pitch kept.")
  var speed: Double?

  @Option(help: "Emotion, 0 to 2.")
  var exaggeration: Double?

  @Option(help: "Guidance weight, 0 to 1.")
  var cfgWeight: Double?

  @Option(help: "How freely it speaks, 0 to 5; 0 always takes the likeliest.")
  var temperature: Double?

  @Option(help: "The share of probability that is drawn from, 0 to 1.")
  var topP: Double?

  @Option(help: "The least probability, as a share of the likeliest, 0 to 1.")
  var minP: Double?

  @Option(help: "How many of the likeliest are drawn from.")
  var topK: Int?

  @Option(help: "What repeating costs, 1 to 5.")
  var repetitionPenalty: Double?

  @Option(help: "Steps from noise to mel, 1 to 50: fewer are faster, and rougher.")
  var flowSteps: Int?

  @Option(help: "Seconds of the voice's recording to go by, 1 to 10: fewer are faster, and less like it.")
  var promptSeconds: Double?

  @Option(help: "Makes the result reproducible.")
  var seed: UInt64?

  @Option(help: "wav (16-bit) or wav_f32 (float).")
  var format = OutputFormat.wav

  @Flag(name: .shortAndLong, help: "Print nothing but errors.")
  var quiet = false

  @OptionGroup var engineOptions: EngineOptions

  func validate() throws {
    if text != nil, file != nil { throw ValidationError("Give the text or --file, not both.") }
    if text == nil, file == nil, Terminal.inputIsTerminal {
      throw ValidationError("Give a text, --file, or pipe a text in.")
    }
    if output == nil, Terminal.outputIsTerminal {
      throw ValidationError("Name a file with -o, or pipe the audio into a player.")
    }
  }

  func run() async throws {
    let request = SpeechRequest(
      text: try readText(), language: language, model: model, preset: preset, exaggeration: exaggeration,
      cfgWeight: cfgWeight, speed: speed, temperature: temperature, topP: topP, minP: minP, topK: topK,
      repetitionPenalty: repetitionPenalty, flowSteps: flowSteps, promptSeconds: promptSeconds, seed: seed)
    let engine = try engineOptions.makeEngine()
    let voice = try voice.map { try VoiceArgument.voice($0, in: engine.voices) }
    // A file is wanted whole; what is piped is heard.
    let isFile = output != nil && output != "-"
    let stream = try engine.speak(request, voice: voice, delivery: isFile ? .whole : .early)
    try await engine.load(stream.info.model)
    let summary = try await Interruption.cancelling { try await write(stream) }
    guard !quiet else { return }
    for warning in summary.info.warnings { Terminal.note("warning: \(warning.message)") }
    Terminal.note(rows(summary))
  }

  private func write(_ stream: SpeechStream) async throws -> SpeechSummary {
    var bar = ProgressBar()
    defer { bar.clear() }
    let progress = { (share: Double) in if !quiet { bar.show(share) } }
    if let output, output != "-" {
      return try await stream.write(to: output, format.encoding, progress: progress)
    }
    return try await stream.write(to: FileHandle.standardOutput, format.encoding, progress: progress)
  }

  private func readText() throws -> String {
    if let text { return text }
    let data: Data?
    if let file {
      data = FileManager.default.contents(atPath: file)
      guard data != nil else { throw ValidationError("The file '\(file)' is missing or not readable.") }
    } else {
      data = try FileHandle.standardInput.readToEnd()
    }
    guard let text = String(data: data ?? Data(), encoding: .utf8) else {
      throw ValidationError("The text is not UTF-8. Convert it first, for example with iconv.")
    }
    return text
  }

  private func rows(_ summary: SpeechSummary) -> [(label: String, value: String)] {
    let timings = summary.timings
    return [
      ("model", summary.info.model),
      ("language", summary.info.language),
      ("audio", String(format: "%.2f s", timings.duration)),
      ("first audio", String(format: "%.0f ms", timings.firstAudio * 1000)),
      ("real-time factor", String(format: "%.3f", timings.realTimeFactor)),
      ("seed", String(summary.info.seed)),
      ("SHA-256", summary.sha256),
      ("file", output ?? "standard output"),
    ]
  }
}

/// The forms in which audio leaves.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
  case wav
  case wavFloat32 = "wav_f32"

  var encoding: WAVEncoding { self == .wav ? .pcm16 : .float32 }
}
