import Foundation
import Testing

@testable import Service

@Suite("The configuration file")
struct ConfigurationFileTests {
  @Test("is the one asked for, else CHATTERBOX_CONFIG's, else config.yaml, else none")
  func order() throws {
    let folder = try TemporaryFolder()
    let directory = folder.url.path
    func port(_ path: String? = nil, _ environment: [String: String] = [:]) throws -> Int {
      try ServiceConfiguration.load(path: path, environment: environment, in: directory)
        .server.port
    }
    #expect(try port() == 8000)
    let asked = try folder.write("server: {port: 1}", to: "asked.yaml")
    let named = try folder.write("server: {port: 2}", to: "named.yaml")
    _ = try folder.write("server: {port: 3}")
    #expect(try port(asked, ["CHATTERBOX_CONFIG": named]) == 1)
    #expect(try port(nil, ["CHATTERBOX_CONFIG": named]) == 2)
    #expect(try port(nil, ["CHATTERBOX_CONFIG": ""]) == 3)
    #expect(try port() == 3)
  }

  private func failure(path: String?, _ environment: [String: String] = [:]) throws -> ConfigurationError? {
    do {
      _ = try ServiceConfiguration.load(path: path, environment: environment)
      return nil
    } catch {
      return error
    }
  }

  @Test("is an error when it was asked for and is missing, and its folders stay private")
  func missing() throws {
    let error = try failure(path: "/nowhere/secret/my.yaml")
    #expect(error?.kind == .fileNotFound)
    #expect(
      error?.description == "my.yaml: there is no such file. Check --config or CHATTERBOX_CONFIG.")
    #expect(try failure(path: nil, ["CHATTERBOX_CONFIG": "/nowhere/x.yaml"])?.kind == .fileNotFound)
  }

  @Test("is an error when it is a folder")
  func folder() throws {
    let folder = try TemporaryFolder()
    #expect(try failure(path: folder.url.path)?.kind == .fileNotReadable)
  }

  @Test("is an error when it is larger than 1 MiB, even without an end")
  func huge() throws {
    let folder = try TemporaryFolder()
    let most = try folder.write(Data(repeating: UInt8(ascii: "#"), count: 1_048_576))
    #expect(try failure(path: most) == nil)
    let more = try folder.write(Data(repeating: UInt8(ascii: "#"), count: 1_048_577))
    #expect(try failure(path: more)?.kind == .fileTooLarge)
    #expect(try failure(path: "/dev/zero")?.kind == .fileTooLarge)
  }

  @Test("is an error when it is not UTF-8")
  func encoding() throws {
    let folder = try TemporaryFolder()
    let latin1 = try folder.write(Data([0x23, 0xE9, 0x0A]))
    #expect(try failure(path: latin1)?.kind == .notUTF8)
  }

  @Test("may have mappings within a section, whose unknown keys are refused with the nearest")
  func nested() throws {
    let yaml = "security: {rate_limit: {requests_per_minute: 100, burst: 20}, audit: {text: true}}"
    let security = try load(yaml).security
    #expect(security.rateLimit.requestsPerMinute == 100)
    #expect(security.rateLimit.burst == 20)
    #expect(security.audit.text)
    let folder = try TemporaryFolder()
    let error = try failure(path: folder.write("security:\n  rate_limit:\n    brust: 7\n"))
    #expect(error?.kind == .unknownKey)
    #expect(
      error?.description
        == "config.yaml:3: unknown key 'rate_limit.brust' in security. Did you mean 'rate_limit.burst'?")
  }
}
