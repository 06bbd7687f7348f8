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
        .configuration.server.port
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

  @Test("may have sections of later versions, which are warned of if they set anything")
  func laterSections() throws {
    let yaml = "storage:\ncache: {}\nmonitoring:\nsecurity:\n  anything: [at, all]\n"
    #expect(
      try load(yaml).warnings == ["config.yaml:4: security is not supported by this version and is ignored"])
  }
}
