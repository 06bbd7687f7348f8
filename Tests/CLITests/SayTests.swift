import Foundation
import Testing

@Suite("chatterbox say")
struct SayTests {
  private let program: CommandLineProgram
  private var folder: TemporaryFolder { program.folder }

  init() throws { program = try CommandLineProgram() }

  /// The number of samples of a 16-bit WAV file that states its length.
  private func sampleCount(_ name: String) throws -> Int {
    let bytes = [UInt8](try folder.contents(name))
    #expect(bytes.prefix(4) == [UInt8]("RIFF".utf8)[...])
    let size = bytes[40..<44].reversed().reduce(0) { $0 << 8 | Int($1) }
    #expect(bytes.count == 44 + size)
    return size / 2
  }

  @Test("an argument becomes a file, and what a person wants to know is on standard error")
  func argument() async throws {
    let result = try await program.run("say", "Good morning.", "-o", "out.wav", "--seed", "7")
    #expect(result.status == 0)
    #expect(result.output.isEmpty)
    #expect(try sampleCount("out.wav") > 12_000)
    for label in [
      "model", "starter", "audio", "first audio", "real-time factor", "seed", "7", "SHA-256", "out.wav",
    ] {
      #expect(result.error.contains(label))
    }
    #expect(folder.contents == ["out.wav"])
  }

  @Test("a file, standard input and an argument of the same text are the same speech")
  func sources() async throws {
    try Data("Good morning.\n".utf8).write(to: folder.url.appending(path: "text.txt"))
    let options = ["--seed", "7", "--quiet"]
    let file = try await program.run(
      ["say", "--file", "text.txt", "-o", "file.wav"] + options, input: Data())
    let input = try await program.run(
      ["say", "-o", "input.wav"] + options, input: Data("Good morning.\n".utf8))
    let argument = try await program.run(
      ["say", "Good morning.", "-o", "argument.wav"] + options, input: Data())
    #expect([file, input, argument].map(\.status) == [0, 0, 0])
    #expect(try folder.contents("file.wav") == folder.contents("argument.wav"))
    #expect(try folder.contents("input.wav") == folder.contents("argument.wav"))
  }

  @Test(
    "without -o, and with -o -, the audio goes to standard output and nothing else does",
    arguments: [
      [], ["-o", "-"],
    ])
  func standardOutput(output: [String]) async throws {
    let options = ["--seed", "7"]
    let piped = try await program.run(["say", "Good morning."] + output + options, input: Data())
    let written = try await program.run(["say", "Good morning.", "-o", "out.wav"] + options, input: Data())
    #expect(piped.status == 0)
    #expect(written.status == 0)
    #expect(piped.output.prefix(4) == Data("RIFF".utf8))
    #expect(piped.output.dropFirst(44) == (try folder.contents("out.wav")).dropFirst(44))
    #expect(piped.error.contains("SHA-256"))
  }

  @Test("two runs with one seed write the same bytes, and another seed others")
  func seeds() async throws {
    for (name, seed) in [("a.wav", "5"), ("b.wav", "5"), ("c.wav", "6")] {
      #expect(try await program.run("say", "Good morning.", "-o", name, "--seed", seed, "-q").status == 0)
    }
    #expect(try folder.contents("a.wav") == folder.contents("b.wav"))
    #expect(try folder.contents("a.wav") != folder.contents("c.wav"))
  }

  @Test("--quiet prints nothing, not even warnings")
  func quiet() async throws {
    let result = try await program.run(
      "say", "Hi.", "--preset", "emergency_alert", "-o", "out.wav", "--quiet")
    #expect(result.status == 0)
    #expect(result.output.isEmpty)
    #expect(result.error.isEmpty, "\(result.error)")
  }

  @Test("warnings are one line each")
  func warnings() async throws {
    let result = try await program.run("say", "Hi.", "--preset", "emergency_alert", "-o", "out.wav")
    #expect(result.status == 0)
    #expect(result.errorLines.count { $0.hasPrefix("warning: ") } == 3)
  }

  @Test("options reach the engine: language, model, speed, format")
  func options() async throws {
    let german = try await program.run("say", "Guten Tag.", "--language", "de", "-o", "de.wav")
    #expect(german.status == 0)
    #expect(german.error.contains("espeak"))
    let plain = try await program.run(
      "say", "Guten Tag.", "--language", "de", "--model", "espeak", "-o", "a.wav")
    let slow = try await program.run(
      "say", "Guten Tag.", "--language", "de", "--model", "espeak", "--speed", "0.5", "-o", "b.wav")
    #expect([plain.status, slow.status] == [0, 0])
    #expect(abs(Double(try sampleCount("b.wav")) / Double(try sampleCount("a.wav")) - 2) < 0.1)
    let float = try await program.run(
      "say", "Guten Tag.", "--language", "de", "--format", "wav_f32", "-o", "f.wav")
    #expect(float.status == 0)
    #expect(try folder.contents("f.wav").count > 2 * folder.contents("a.wav").count - 200)
  }

  @Test("Ctrl-C and SIGTERM end a long text with 130 and leave no file", arguments: [SIGINT, SIGTERM])
  func interruption(signal: Int32) async throws {
    let text = String(repeating: "A long text takes a while to say. ", count: 2000)
    let result = try await program.run("say", "-o", "out.wav", input: text, interruptedBy: signal) {
      // A partial file is there, and speech is in it.
      folder.contents.contains { (try? folder.contents($0).count) ?? 0 > 100_000 }
    }
    #expect(result.status == 130)
    #expect(folder.contents.isEmpty)
    #expect(!result.error.contains("Error"), "\(result.error)")
  }
}
