import Chatterbox
import Testing
import Text

@testable import Service

@Suite("Configuration defaults")
struct DefaultsTests {
  @Test(
    "a file that sets nothing is the default",
    arguments: [
      "", "\n\n", "# nothing but a comment\n", "---\n", "~", "{}", "\u{FEFF}",
      "server:\nmodels: {}\npresets: ~\n",
      "server:\n  port:\n  host: null\nmodels:\n  threads: ~\n",
    ])
  func nothing(yaml: String) throws {
    #expect(try load(yaml) == ServiceConfiguration())
  }

  @Test("are the engine's own")
  func engine() {
    #expect(ServiceConfiguration().engine == EngineConfiguration())
  }

  @Test("answer this machine only")
  func local() {
    let server = ServiceConfiguration().server
    #expect(server.host == "127.0.0.1")
    #expect(server.port == 8000)
    #expect(server.maxTextLength == 100_000)
    #expect(server.maxBodyBytes == 1_048_576)
  }

  @Test("everything set reaches the engine")
  func everythingReachesEngine() throws {
    let engine = try load(
      """
      server: {workers: 8, max_text_length: 50}
      models: {device: "CUDA:1", cache_dir: /voices, fallback: none}
      presets: {calm: {model: turbo, speed: 1}}
      lexicon: {en: {nginx: engine X}}
      """
    ).engine
    #expect(engine.device == "cuda:1")
    #expect(engine.threads == 8)
    #expect(engine.modelsDirectory == "/voices")
    #expect(engine.fallback == .none)
    #expect(engine.presets == [Preset(name: "calm", model: "turbo", speed: 1)])
    #expect(engine.textLimit == 50)
    #expect(!engine.lexicon.isEmpty)
  }

  @Test("models.threads wins over server.workers")
  func threads() throws {
    let yaml = "server: {workers: 8}\nmodels: {threads: 2}"
    #expect(try load(yaml).engine.threads == 2)
  }

  @Test("a folder may begin with the user's home")
  func homeFolder() throws {
    let folder = try load("models: {cache_dir: ~/voices}").models.cacheDirectory
    #expect(folder?.hasPrefix("/") == true)
    #expect(folder?.hasSuffix("/voices") == true)
  }
}
