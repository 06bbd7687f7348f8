import Foundation
import Testing

@Suite("chatterbox models, presets, doctor")
struct InventoryTests {
  private let program: CommandLineProgram

  init() throws { program = try CommandLineProgram() }

  private func objects(_ arguments: String...) async throws -> [[String: Any]] {
    let result = try await program.run(arguments, input: Data())
    #expect(result.status == 0)
    return try #require(try JSONSerialization.jsonObject(with: result.output) as? [[String: Any]])
  }

  @Test("models list --json has every model, its languages, and whether it is here")
  func models() async throws {
    let models = try await objects("models", "list", "--json")
    let names = models.compactMap { $0["name"] as? String }
    #expect(names == ["standard", "turbo", "nano", "multilingual", "starter", "espeak"])
    let starter = try #require(models.first { $0["name"] as? String == "starter" })
    #expect(starter["installed"] as? Bool == true)
    #expect(starter["languages"] as? [String] == ["en"])
    let espeak = try #require(models.first { $0["name"] as? String == "espeak" })
    #expect((espeak["languages"] as? [String])?.count == 23)
  }

  @Test("presets list --json has the five of the product with the schema's keys")
  func presets() async throws {
    let presets = try await objects("presets", "list", "--json")
    #expect(presets.count == 5)
    let alert = try #require(presets.first { $0["name"] as? String == "emergency_alert" })
    #expect(alert["model"] as? String == "turbo")
    #expect(alert["exaggeration"] as? Double == 1.3)
    #expect(alert["speed"] as? Double == 1.1)
    #expect(alert["paralinguistic_prefix"] as? String == "[clears throat]")
  }

  @Test("presets of the configuration are listed with the others")
  func configuredPresets() async throws {
    try Data("presets:\n  mine:\n    model: turbo\n    speed: 1.2\n".utf8)
      .write(to: program.folder.url.appending(path: "config.yaml"))
    #expect(try await objects("presets", "list", "--json").contains { $0["name"] as? String == "mine" })
  }

  @Test(
    "lists are for people too",
    arguments: [["models"], ["models", "list"], ["presets"], ["presets", "list"]])
  func lists(_ arguments: [String]) async throws {
    let result = try await program.run(arguments, input: Data())
    #expect(result.status == 0)
    #expect(result.text.contains(arguments[0] == "models" ? "starter" : "language_learning"))
  }

  @Test("doctor finds this machine ready")
  func doctor() async throws {
    let result = try await program.run("doctor")
    #expect(result.status == 0)
    #expect(result.text.contains("Ready to speak."))
    #expect(!result.text.contains("✗"))
  }

  @Test("doctor fails without the starter voice, and says what installs it")
  func doctorWithoutVoice() async throws {
    var program = program
    program.environment["CHATTERBOX_MODELS_CACHE_DIR"] = program.folder.path("none")
    let result = try await program.run("doctor")
    #expect(result.status == 1)
    #expect(result.text.contains("✗ starter"))
    #expect(result.text.contains("make setup"))
  }

  @Test("doctor fails without espeak-ng")
  func doctorWithoutEspeak() async throws {
    var program = program
    program.environment["PATH"] = program.folder.url.path
    let result = try await program.run("doctor")
    #expect(result.status == 1)
    #expect(result.text.contains("✗ espeak-ng"))
  }

  @Test("help, the version and a command that does not exist")
  func help() async throws {
    #expect(try await program.run("--help").status == 0)
    #expect(try await program.run("--version").text.contains("."))
    let unknown = try await program.run("sya", "Hi")
    #expect(unknown.status == 64)
  }
}
