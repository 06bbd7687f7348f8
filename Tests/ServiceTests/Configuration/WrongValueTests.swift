import Testing

@testable import Service

@Suite("Wrong values")
struct WrongValueTests {
  @Test(
    "are refused with what was expected",
    arguments: [
      ("server: {port: 0}", "server.port must be a whole number from 1 to 65535, not '0'."),
      ("server: {port: 65536}", "server.port must be a whole number from 1 to 65535, not '65536'."),
      ("server: {port: -1}", "server.port must be a whole number from 1 to 65535, not '-1'."),
      ("server: {port: 80.5}", "server.port must be a whole number from 1 to 65535, not '80.5'."),
      ("server: {port: 0x50}", "server.port must be a whole number from 1 to 65535, not '0x50'."),
      ("server: {port: eighty}", "server.port must be a whole number from 1 to 65535, not 'eighty'."),
      ("server: {port: \"80\"}", "server.port must be a whole number from 1 to 65535, not the text \"80\"."),
      ("server: {port: true}", "server.port must be a whole number from 1 to 65535, not 'true'."),
      ("server: {port: [80]}", "server.port must be a whole number from 1 to 65535, not a list."),
      ("server: {port: {a: 1}}", "server.port must be a whole number from 1 to 65535, not a mapping."),
      ("server: {workers: 0}", "server.workers must be a whole number from 1 to 1024, not '0'."),
      ("server: {host: 127}", "server.host must be a host name or an IP address, not '127'."),
      ("server: {host: \"\"}", "server.host must be a host name or an IP address, not the text \"\"."),
      ("server: {host: 'a b'}", "server.host must be a host name or an IP address, not the text \"a b\"."),
      (
        "server: {host: \"http://x\"}",
        "server.host must be a host name or an IP address, not the text \"http://x\"."
      ),
      ("models: {cache_dir: 1}", "models.cache_dir must be the path of a folder, not '1'."),
      (
        "models: {cache_dir: \"a\\0b\"}",
        "models.cache_dir must be the path of a folder, not the text \"a·b\"."
      ),
      (
        "models: {fallback: stater}",
        "models.fallback must be one of starter, none, not 'stater'. Did you mean 'starter'?"
      ),
      (
        "models: {fallback: [starter]}", "models.fallback must be one of starter, none, not a list."
      ),
      ("server: 8000", "server must be a mapping of keys to values, not '8000'."),
      ("models: [cpu]", "models must be a mapping of keys to values, not a list."),
      ("presets: {calm: turbo}", "presets.calm must be a mapping of keys to values, not 'turbo'."),
      ("lexicon: {en: [nginx]}", "lexicon.en must be a mapping of keys to values, not a list."),
      ("[server]", "the configuration must be a mapping of keys to values, not a list."),
      ("just text", "the configuration must be a mapping of keys to values, not 'just text'."),
    ])
  func refused(yaml: String, message: String) throws {
    let error = try failure(yaml)
    #expect(error?.kind == .wrongValue)
    #expect(error?.place == .line(1, file: "config.yaml"))
    #expect(error?.message == message)
  }

  @Test(
    "a number too large for any type is refused",
    arguments: ["99999999999999999999999", "1e400", "-1e400", ".inf", ".nan", "nan"])
  func hugeNumbers(number: String) throws {
    #expect(try failure("server: {max_body_bytes: \(number)}")?.kind == .wrongValue)
    #expect(try failure("presets: {calm: {model: turbo, speed: \(number)}}")?.kind == .wrongValue)
  }

  @Test("the ends of a range are in it", arguments: [1, 65_535])
  func ends(port: Int) throws {
    #expect(try load("server: {port: \(port)}").server.port == port)
  }

  @Test(
    "known devices are taken in any case",
    arguments: [
      "auto", "cpu", "CUDA", "cuda:0", "cuda:12", "metal", "mps", "Vulkan", "vulkan:1", "cuda:0,CUDA:1",
      "cpu , vulkan:2,metal",
    ])
  func devices(device: String) throws {
    #expect(try load("models: {device: \"\(device)\"}").models.device == device.lowercased())
  }

  @Test(
    "other devices are refused",
    arguments: [
      "cdua", "cuda:", "cuda:x", "cuda:-1", "cpu:0", "mps:1", "gpu", "cuda:0,", ",cuda", "auto,cuda",
      "cuda:0;cuda:1", " cuda:0,cuda:1",
    ])
  func unknownDevices(device: String) throws {
    let error = try failure("models: {device: \"\(device)\"}")
    #expect(error?.kind == .wrongValue)
    if device == "cdua" { #expect(error?.message.hasSuffix("Did you mean 'cuda'?") == true) }
  }

  @Test("a model that cannot be loaded is named with its own line")
  func preload() throws {
    let error = try failure("models:\n  preload:\n    - turbo\n    - standart\n")
    #expect(error?.place == .line(4, file: "config.yaml"))
    #expect(error?.message.hasSuffix("not 'standart'. Did you mean 'standard'?") == true)
  }

  @Test("one model is no list of models")
  func preloadScalar() throws {
    #expect(try failure("models: {preload: turbo}")?.kind == .wrongValue)
  }

  @Test("a key that is a list or a mapping is refused", arguments: ["? [a, b]\n: 1", "? {a: b}\n: 1"])
  func complexKey(yaml: String) throws {
    #expect(try failure(yaml)?.message == "a key must be text, not a list or a mapping.")
  }
}
