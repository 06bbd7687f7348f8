import ArgumentParser
import Chatterbox
import Foundation

/// `chatterbox voices`: clone a voice, list what is there, remove one.
struct VoicesCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "voices", abstract: "Clone voices and manage those that are saved.",
    subcommands: [List.self, Clone.self, Show.self, Remove.self], defaultSubcommand: List.self)

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List the saved voices.")

    @Flag(help: "Print JSON.")
    var json = false

    @OptionGroup var engineOptions: EngineOptions

    func run() async throws {
      let voices = try engineOptions.makeEngine().voices
      if json { return try printJSON(voices.names) }
      if voices.names.isEmpty {
        Terminal.note("No voice is saved yet: chatterbox voices clone recording.wav --model turbo --name me")
      }
      voices.names.forEach { print($0) }
    }
  }

  struct Clone: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Make a voice from a recording of it.",
      discussion: """
        The recording is a WAV, FLAC, MP3 or OGG file with 5 to 15 seconds of one clear speaker. The voice \
        is saved under a name that requests can use, or with -o as a file of its own.

          chatterbox voices clone me.wav --model turbo --name me
          chatterbox say "It is me." --model turbo --voice me -o me-speaking.wav
        """)

    @Argument(help: "The recording.")
    var recording: String

    @Option(help: "The model that will speak: turbo (and nano), or standard (and multilingual).")
    var model = "turbo"

    @Option(help: "What to call it; the file's name by default.")
    var name: String?

    @Option(
      name: .shortAndLong, help: ArgumentHelp("Write a .voice file instead of saving it.", valueName: "file"))
    var output: String?

    @OptionGroup var engineOptions: EngineOptions

    func run() async throws {
      let engine = try engineOptions.makeEngine()
      let (recording, model, name) = (recording, model, name)
      let voice = try await Interruption.cancelling {
        try await engine.cloneVoice(from: recording, for: model, name: name)
      }
      if let output {
        try voice.save(to: output)
      } else {
        try engine.voices.save(voice)
      }
      Terminal.note([
        ("voice", voice.name), ("for", voice.family.models), ("saved as", output ?? "--voice \(voice.name)"),
      ])
    }
  }

  struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Check a voice, by name or file, and describe it.")

    @Argument(help: "A saved voice's name, a .voice file or a conds.pt.")
    var voice: String

    @OptionGroup var engineOptions: EngineOptions

    func run() async throws {
      let voice = try VoiceArgument.voice(voice, in: engineOptions.makeEngine().voices)
      print("\(voice.name): for \(voice.family.models), a prompt of \(voice.promptDescription)")
    }
  }

  struct Remove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Remove a saved voice.")

    @Argument(help: "Its name.")
    var name: String

    @OptionGroup var engineOptions: EngineOptions

    func run() async throws {
      try engineOptions.makeEngine().voices.remove(name)
      Terminal.note("Removed the voice '\(name)'.")
    }
  }
}

/// What `--voice` takes: a saved voice's name, or a file.
enum VoiceArgument {
  static func voice(_ argument: String, in voices: VoiceStore) throws -> Voice {
    let isFile = argument.contains("/") || argument.hasSuffix(".voice") || argument.hasSuffix(".pt")
    return isFile ? try Voice(contentsOf: argument) : try voices.voice(argument)
  }
}

extension Voice.Family {
  /// The models of the family, for people.
  var models: String {
    switch self {
    case .standard: "standard and multilingual"
    case .turbo: "turbo and nano"
    }
  }
}

extension Voice {
  fileprivate var promptDescription: String {
    String(format: "%.1f s", Double(prompt.tokens.count) / Double(SpeechTokens.rate))
  }
}
