import Chatterbox
import Foundation
import Testing

@testable import Service

@Suite("YAML documents")
struct YAMLDocumentTests {
  @Test(
    "that are broken are refused with the line",
    arguments: [
      ("server:\n  port: [1", 3), ("server:\n  host: \"x\nmodels: {}", 3), ("server:\n\tport: 1", 2),
      ("a: b: c", 1), ("server: {}\n---\nmodels: {}", 2), ("server: {}\n}", 2), ("server: *x", 1),
      ("server: \"\\uD800\"", 1), ("server: @x", 1), ("server:\n  host: x\n port: 1", 3),
    ])
  func broken(yaml: String, line: Int) throws {
    let error = try failure(yaml)
    #expect(error?.kind == .invalidYAML)
    #expect(error?.place == .line(line, file: "config.yaml"))
    #expect(error?.message.hasPrefix("this is not valid YAML: ") == true)
    #expect(error?.message.contains("\n") == false)
  }

  @Test("indented with tabs are refused with advice")
  func tabs() throws {
    #expect(try failure("server:\n\tport: 1")?.message.hasSuffix("Indent with spaces, not tabs.") == true)
  }

  @Test("with control characters are refused with the line")
  func controlCharacters() throws {
    let error = try failure("server: {}\nmodels: {}\n\u{0}")
    #expect(error?.kind == .invalidYAML)
    #expect(error?.place == .line(3, file: "config.yaml"))
  }

  @Test("with a key twice are refused", arguments: ["port: 2", "\"port\": 2"])
  func duplicates(second: String) throws {
    let error = try failure("server:\n  port: 1\n  \(second)")
    #expect(error?.kind == .duplicateKey)
    #expect(error?.message == "the key 'port' is there more than once. Keep one of them.")
  }

  @Test("with a section twice are refused")
  func duplicateSections() throws {
    #expect(try failure("server: {port: 1}\nmodels: {}\nserver: {port: 2}")?.kind == .duplicateKey)
  }

  @Test("with Windows line ends and a byte order mark load")
  func windows() throws {
    #expect(try load("\u{FEFF}server:\r\n  port: 81\r\n").server.port == 81)
  }

  @Test("with anchors are refused, wherever they are")
  func anchors() throws {
    for yaml in [
      "server: &x {port: 1}", "server:\n  port: &x 1", "models: {preload: &x [turbo]}", "&x server: {}",
      "cache: {a: &x 1}",
    ] {
      #expect(try failure(yaml)?.kind == .aliases, "\(yaml)")
    }
  }

  @Test("may have words that look like aliases in quotes and comments")
  func notAliases() throws {
    let yaml = """
      # *very* important: R &D
      presets:
        calm: {model: turbo, description: "*calm* &quiet"}
      """
    #expect(try load(yaml).presets.first?.description == "*calm* &quiet")
  }

  @Test("that would grow to billions of values are refused, as values and as keys")
  func billionLaughs() throws {
    var lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    for level in 1...9 {
      let aliases = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
      lines.append("a\(level): &a\(level) [\(aliases)]")
    }
    let values = lines.joined(separator: "\n")
    #expect(try failure(values)?.kind == .aliases)
    #expect(try failure(values + "\n? *a9\n: 1\n")?.kind == .aliases)
    #expect(try failure(values + "\n{*a9 : 1}\n")?.kind == .aliases)
  }

  @Test("that are nested without end are refused", arguments: ["[", "{a: ", "- ", "? "])
  func nesting(opening: String) throws {
    let error = try failure(String(repeating: opening, count: 100_000))
    #expect([.invalidYAML, .wrongValue].contains(error?.kind))
  }
}
