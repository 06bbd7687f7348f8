import Testing

@testable import Service

@Suite("Unknown keys")
struct UnknownKeyTests {
  @Test(
    "are refused with their line and the nearest known key",
    arguments: [
      ("server:\n  prot: 1", "config.yaml:2: unknown key 'prot' in server. Did you mean 'port'?"),
      ("\n\nsevrer: {}", "config.yaml:3: unknown key 'sevrer' at the top level. Did you mean 'server'?"),
      (
        "models:\n  cachedir: x", "config.yaml:2: unknown key 'cachedir' in models. Did you mean 'cache_dir'?"
      ),
      ("server: {Port: 1}", "config.yaml:1: unknown key 'Port' in server. Did you mean 'port'?"),
      (
        "presets:\n  calm:\n    model: turbo\n    sped: 1",
        "config.yaml:4: unknown key 'sped' in presets.calm. Did you mean 'speed'?"
      ),
    ])
  func suggestion(yaml: String, message: String) throws {
    let error = try failure(yaml)
    #expect(error?.kind == .unknownKey)
    #expect(error?.description == message)
  }

  @Test("near none come with the known ones")
  func nearNone() throws {
    #expect(
      try failure("server: {zzzzzz: 1}")?.message
        == "unknown key 'zzzzzz' in server. "
        + "Known are host, port, workers, max_text_length, max_body_bytes, data_dir, drain_seconds, log_format."
    )
  }

  @Test("are quoted in part when they are long, and on one line")
  func hostileKey() throws {
    let long = String(repeating: "k", count: 200)
    let message = try #require(try failure("\"a\\nb\(long)\": 1")?.message)
    #expect(message.contains("'a·b\(long.prefix(37))…'"))
    #expect(!message.contains("\n"))
  }

  @Test("YAML's merge key is one of them")
  func mergeKey() throws {
    #expect(try failure("server:\n  <<: {port: 1}")?.kind == .unknownKey)
  }
}
