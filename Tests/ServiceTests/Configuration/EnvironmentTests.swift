import Chatterbox
import Testing

@testable import Service

@Suite("Environment overrides")
struct EnvironmentTests {
  @Test("set every key of server and models without a file")
  func everyKey() throws {
    let configuration = try load(environment: [
      "CHATTERBOX_SERVER_HOST": "::1", "CHATTERBOX_SERVER_PORT": "9000", "CHATTERBOX_SERVER_WORKERS": "3",
      "CHATTERBOX_SERVER_MAX_TEXT_LENGTH": "10", "CHATTERBOX_SERVER_MAX_BODY_BYTES": "2048",
      "CHATTERBOX_MODELS_DEVICE": "auto", "CHATTERBOX_MODELS_PRELOAD": "standard, turbo",
      "CHATTERBOX_MODELS_CACHE_DIR": "/m", "CHATTERBOX_MODELS_FALLBACK": "none",
      "CHATTERBOX_MODELS_THREADS": "5",
    ])
    var expected = ServiceConfiguration()
    expected.server.host = "::1"
    expected.server.port = 9000
    expected.server.workers = 3
    expected.server.maxTextLength = 10
    expected.server.maxBodyBytes = 2048
    expected.models.device = "auto"
    expected.models.preload = [.standard, .turbo]
    expected.models.cacheDirectory = "/m"
    expected.models.fallback = .none
    expected.models.threads = 5
    #expect(configuration == expected)
  }

  @Test("win over the file and leave the rest of it")
  func wins() throws {
    let server = try load("server: {port: 1, host: a.example}", ["CHATTERBOX_SERVER_PORT": "2"])
      .server
    #expect(server.port == 2)
    #expect(server.host == "a.example")
  }

  @Test("count as unset when they are empty")
  func empty() throws {
    let variables = ["CHATTERBOX_SERVER_PORT": "", "CHATTERBOX_SERVER_NONSENSE": ""]
    #expect(try load("server: {port: 1}", variables).server.port == 1)
  }

  @Test("have no types: a folder may be called 2024")
  func untyped() throws {
    let variables = ["CHATTERBOX_MODELS_CACHE_DIR": "2024"]
    #expect(try load("", variables).models.cacheDirectory == "2024")
  }

  @Test(
    "that are wrong are refused by their names",
    arguments: [
      (
        "CHATTERBOX_SERVER_PORT", "http",
        "CHATTERBOX_SERVER_PORT: server.port must be a whole number from 1 to 65535, not 'http'."
      ),
      (
        "CHATTERBOX_MODELS_FALLBACK", "nune",
        "CHATTERBOX_MODELS_FALLBACK: models.fallback must be one of starter, none, not 'nune'. Did you mean 'none'?"
      ),
      (
        "CHATTERBOX_MODELS_PRELOAD", "turbo,standart",
        "CHATTERBOX_MODELS_PRELOAD: models.preload must be a list of standard, turbo, nano, multilingual, "
          + "starter, espeak, not 'standart'. Did you mean 'standard'?"
      ),
      (
        "CHATTERBOX_PRESETS_NARRATION_SPEED", "9",
        "CHATTERBOX_PRESETS_NARRATION_SPEED: The preset 'narration' needs speed between 0.5 and 2.0."
      ),
    ])
  func wrong(name: String, value: String, message: String) throws {
    #expect(try failure("", [name: value])?.description == message)
  }

  @Test(
    "that look like settings and are none are refused with the nearest",
    arguments: [
      ("CHATTERBOX_SERVER_PROT", "there is no such setting. Did you mean CHATTERBOX_SERVER_PORT?"),
      ("CHATTERBOX_MODELS_CACHEDIR", "there is no such setting. Did you mean CHATTERBOX_MODELS_CACHE_DIR?"),
      ("CHATTERBOX_MODELS_Q", "there is no such setting. docs/configuration.md lists them all."),
      (
        "CHATTERBOX_PRESETS_NARATION_SPEED",
        "there is no such setting. Did you mean CHATTERBOX_PRESETS_NARRATION_SPEED?"
      ),
      ("CHATTERBOX_SERVER_port", "there is no such setting. Did you mean CHATTERBOX_SERVER_PORT?"),
    ])
  func unknown(name: String, message: String) throws {
    let error = try failure("", [name: "1"])
    #expect(error?.kind == .unknownVariable)
    #expect(error?.place == .variable(name))
    #expect(error?.message == message)
  }

  @Test("of other programs and of the build are left alone")
  func others() throws {
    let variables = [
      "CHATTERBOX_OPTIMIZE_KERNELS": "1", "CHATTERBOX_SERVER": "x", "SERVER_PORT": "x", "PATH": "/bin",
    ]
    #expect(try load("", variables) == ServiceConfiguration())
  }

  @Test("set what is nested in a section, and are refused when they are wrong")
  func nested() throws {
    let name = "CHATTERBOX_SECURITY_RATE_LIMIT_BURST"
    #expect(try load("", [name: "7"]).security.rateLimit.burst == 7)
    let message = "security.rate_limit.burst must be a whole number from 1 to 1000000, not '0'."
    #expect(try failure("", [name: "0"])?.description == "\(name): \(message)")
  }

  @Test("change one key of a preset in the file, whose name may have a hyphen")
  func filePreset() throws {
    let yaml = "presets: {calm-2: {model: turbo, speed: 1}}"
    let presets = try load(yaml, ["CHATTERBOX_PRESETS_CALM_2_SPEED": "1.5"]).presets
    #expect(presets == [Preset(name: "calm-2", model: "turbo", speed: 1.5)])
  }

  @Test("change one key of a built-in preset")
  func builtInPreset() throws {
    let variables = ["CHATTERBOX_PRESETS_EMERGENCY_ALERT_CFG_WEIGHT": "0.25"]
    var expected = Preset.emergencyAlert
    expected.cfgWeight = 0.25
    #expect(try load("", variables).presets == [expected])
  }

  @Test("can give a preset of the file the model it lacks")
  func missingModel() throws {
    let presets = try load("presets: {calm: {speed: 1}}", ["CHATTERBOX_PRESETS_CALM_MODEL": "turbo"])
      .presets
    #expect(presets == [Preset(name: "calm", model: "turbo", speed: 1)])
  }
}
