import ArgumentParser
import Chatterbox
import Foundation

/// `chatterbox bench-worker`: speaks line by line for Benchmarks/, and says how long each took.
struct BenchWorkerCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench-worker", abstract: "Speak each line of standard input and print timings as JSON.",
    shouldDisplay: false)

  @OptionGroup var engineOptions: EngineOptions

  private struct Timing: Encodable {
    let secondsOfAudio: Double
    let seconds: Double
    let firstAudioSeconds: Double

    enum CodingKeys: String, CodingKey {
      case secondsOfAudio = "seconds_of_audio"
      case seconds
      case firstAudioSeconds = "first_audio_seconds"
    }
  }

  func run() async throws {
    let engine = try engineOptions.makeEngine()
    try await engine.load()
    while let line = readLine() {
      let timings = try await engine.generate(SpeechRequest(text: line, model: "starter")).timings
      let timing = Timing(
        secondsOfAudio: timings.duration, seconds: timings.total, firstAudioSeconds: timings.firstAudio)
      print(String(decoding: try JSONEncoder().encode(timing), as: UTF8.self))
      fflush(nil)
    }
  }
}
