import ArgumentParser
import Chatterbox
import Foundation

/// `chatterbox watermark`: whether a recording was made by Chatterbox.
struct WatermarkCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "watermark", abstract: "Find Perth's inaudible mark of machine-made speech.",
    subcommands: [Detect.self])

  struct Detect: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Say whether a file carries the watermark.",
      discussion: "Ends with 0 when the mark is found, with 1 when it is not.")

    @Argument(help: "A WAV, FLAC, MP3 or OGG file.")
    var file: String

    @Flag(help: "Print JSON.")
    var json = false

    @OptionGroup var engineOptions: EngineOptions

    func run() async throws {
      let confidence = try await engineOptions.makeEngine().watermarkConfidence(inFile: file)
      let verdict = Verdict(watermarked: confidence >= 0.5, confidence: confidence)
      if json {
        try printJSON(verdict)
      } else {
        let percent = Int((confidence * 100).rounded())
        print(
          verdict.watermarked ? "✓ watermark found (\(percent) %)" : "– no watermark found (\(percent) %)")
      }
      if !verdict.watermarked { throw ExitCode(1) }
    }

    private struct Verdict: Encodable {
      let watermarked: Bool
      let confidence: Double
    }
  }
}
