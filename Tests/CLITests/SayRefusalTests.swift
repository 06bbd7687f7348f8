import Foundation
import Testing

@Suite("chatterbox say refuses")
struct SayRefusalTests {
  private let program: CommandLineProgram
  private var folder: TemporaryFolder { program.folder }

  init() throws { program = try CommandLineProgram() }

  /// What is wrong with a call, and words of the answer.
  struct Call: Sendable, CustomTestStringConvertible {
    let arguments: [String]
    let words: String
    var testDescription: String { arguments.joined(separator: " ") }

    init(_ arguments: String..., words: String) {
      self.arguments = ["say"] + arguments
      self.words = words
    }
  }

  static let requests = [
    Call("", "-o", "out.wav", words: "at least one letter or digit"),
    Call("🎉", "-o", "out.wav", words: "at least one letter or digit"),
    Call("Hi [pause x]", "-o", "out.wav", words: "[pause 400ms]"),
    Call("Hi", "--preset", "language_lerning", "-o", "out.wav", words: "Did you mean 'language_learning'?"),
    Call("Hi", "--model", "startr", "-o", "out.wav", words: "Did you mean 'starter'?"),
    Call("Hi", "--language", "eng", "-o", "out.wav", words: "Did you mean 'en'?"),
    Call("Hi", "--speed", "3", "-o", "out.wav", words: "0.5 to 2"),
    Call("Hi", "--speed", "nan", "-o", "out.wav", words: "0.5 to 2"),
    Call("Hi", "--exaggeration", "2.5", "-o", "out.wav", words: "0.0 to 2.0"),
    Call("Hi", "--cfg-weight", "1.5", "-o", "out.wav", words: "0.0 to 1.0"),
    Call("Hi", "-o", "none/out.wav", words: "does not exist"),
    Call("Hi", "-o", ".", words: "folder"),
  ]

  @Test("a request that cannot be spoken, in one line and with status 1", arguments: requests)
  func refusedRequest(_ call: Call) async throws {
    let result = try await program.run(call.arguments, input: Data())
    #expect(result.status == 1)
    #expect(result.errorLines.count == 1, "\(result.error)")
    #expect(result.error.hasPrefix("Error: "))
    #expect(result.error.contains(call.words), "\(result.error)")
    #expect(result.output.isEmpty)
    #expect(folder.contents.isEmpty)
  }

  static let usage = [
    Call("--file", "missing.txt", "-o", "out.wav", words: "'missing.txt' is missing or not readable"),
    Call("Hi", "--file", "a.txt", "-o", "out.wav", words: "not both"),
    Call("Hi", "--sped", "2", "-o", "out.wav", words: "--speed"),
    Call("Hi", "--speed", "fast", "-o", "out.wav", words: "'fast' is invalid"),
    Call("Hi", "--seed", "-1", "-o", "out.wav", words: "--seed"),
    Call("Hi", "--format", "mp3", "-o", "out.wav", words: "wav_f32"),
    Call("Hi", "--threads", "0", "-o", "out.wav", words: "1 to 1024"),
    Call("Hi", "there", "-o", "out.wav", words: "there"),
  ]

  @Test("a call that is no call, with the usage and status 64", arguments: usage)
  func refusedUsage(_ call: Call) async throws {
    let result = try await program.run(call.arguments, input: Data())
    #expect(result.status == 64)
    #expect(result.error.hasPrefix("Error: "))
    #expect(result.errorLines.first?.contains(call.words) == true, "\(result.error)")
    #expect(result.output.isEmpty)
    #expect(folder.contents.isEmpty)
  }

  @Test(
    "empty standard input, white space and what is not UTF-8",
    arguments: [
      Data(), Data(" \n\n".utf8), Data([0xFF, 0xFE, 0x41]),
    ])
  func input(_ data: Data) async throws {
    let result = try await program.run(["say", "-o", "out.wav"], input: data)
    #expect(result.status != 0)
    #expect(result.error.hasPrefix("Error: "))
    #expect(folder.contents.isEmpty)
  }

  @Test("a configuration that is missing or has an unknown key, naming the nearest")
  func configuration() async throws {
    let missing = try await program.run("say", "Hi", "-o", "out.wav", "--config", "none.yaml")
    #expect(missing.status == 1)
    #expect(missing.error.contains("none.yaml"))
    try Data("server:\n  prot: 1\n".utf8).write(to: folder.url.appending(path: "bad.yaml"))
    let misspelt = try await program.run("say", "Hi", "-o", "out.wav", "--config", "bad.yaml")
    #expect(misspelt.status == 1)
    #expect(misspelt.error.contains("port"))
    #expect(folder.contents == ["bad.yaml"])
  }

  #if os(Linux)
    @Test("a full disk, in one line")
    func fullDisk() async throws {
      let result = try await program.run("say", "Hi.", "-o", "/dev/full")
      #expect(result.status == 1)
      #expect(result.errorLines.count == 1, "\(result.error)")
      #expect(result.error.contains("full"))
    }
  #endif
}
