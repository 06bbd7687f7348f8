import Foundation
import Testing

@testable import Service

@Suite("Documentation of the configuration")
struct DocumentationTests {
  private struct Row: Hashable {
    let key: String
    let variable: String
    let expected: String
    /// `nil` where the code has none and the page explains it in words.
    let standard: String?
  }

  private func rows<Target>(_ settings: [Setting<Target>], variables: String, of target: Target?) -> [Row] {
    settings.map { setting in
      Row(
        key: setting.name, variable: "CHATTERBOX_\(variables)_\(setting.variable)",
        expected: setting.expected,
        standard: target.flatMap(setting.written))
    }
  }

  /// The rows of the table under a heading of the page.
  private func documented(_ section: String) throws -> [Row] {
    let page = try String(contentsOf: repository.appending(path: "docs/configuration.md"), encoding: .utf8)
    let chapter = try #require(page.components(separatedBy: "\n## ").first { $0.hasPrefix("\(section)\n") })
    return chapter.split(separator: "\n").filter { $0.hasPrefix("| `") }.map { line in
      let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
      let isCode = cells[3].hasPrefix("`")
      return Row(
        key: cells[0].trimmingCharacters(in: ["`"]), variable: cells[1].trimmingCharacters(in: ["`"]),
        expected: cells[2], standard: isCode ? cells[3].trimmingCharacters(in: ["`"]) : nil)
    }
  }

  @Test("has every key of the server, and no other")
  func server() throws {
    let expected = rows(ConfigurationKeys.server, variables: "SERVER", of: ServiceConfiguration.Server())
    let documented = try documented("server").map { row in
      row.key == "data_dir"
        ? Row(key: row.key, variable: row.variable, expected: row.expected, standard: nil) : row
    }
    #expect(documented == expected)
  }

  @Test("has every key of what a node does beside speaking, and no other")
  func node() throws {
    let standard = ServiceConfiguration()
    #expect(
      try documented("queue") == rows(ConfigurationKeys.queue, variables: "QUEUE", of: standard.queue))
    #expect(
      try documented("cache") == rows(ConfigurationKeys.cache, variables: "CACHE", of: standard.cache))
    #expect(
      try documented("storage")
        == rows(ConfigurationKeys.storage, variables: "STORAGE", of: standard.storage))
    #expect(try documented("jobs") == rows(ConfigurationKeys.jobs, variables: "JOBS", of: standard.jobs))
    #expect(
      try documented("monitoring")
        == rows(ConfigurationKeys.monitoring, variables: "MONITORING", of: standard.monitoring))
    #expect(
      try documented("openai") == rows(ConfigurationKeys.openAI, variables: "OPENAI", of: standard.openAI))
    #expect(
      try documented("security")
        == rows(ConfigurationKeys.security, variables: "SECURITY", of: standard.security))
  }

  @Test("has every key of the models, and no other")
  func models() throws {
    let expected = rows(ConfigurationKeys.models, variables: "MODELS", of: ServiceConfiguration.Models())
    let documented = try documented("models").map { row in
      // The page shows the folders that the engine takes when there are none.
      ["cache_dir", "voices_dir"].contains(row.key)
        ? Row(key: row.key, variable: row.variable, expected: row.expected, standard: nil) : row
    }
    #expect(documented == expected)
  }

  @Test("has every key of a preset, and no other")
  func presets() throws {
    #expect(
      try documented("presets") == rows(ConfigurationKeys.preset, variables: "PRESETS_<NAME>", of: nil))
  }

  @Test("names every section")
  func sections() throws {
    let page = try String(contentsOf: repository.appending(path: "docs/configuration.md"), encoding: .utf8)
    let headings = page.split(separator: "\n").filter { $0.hasPrefix("## ") }.joined(separator: " ")
    for section in ConfigurationKeys.Section.allCases {
      #expect(headings.contains(section.rawValue))
    }
  }
}

@Suite("config.example.yaml")
struct ExampleTests {
  private let example: String

  init() throws {
    example = try String(contentsOf: repository.appending(path: "config.example.yaml"), encoding: .utf8)
  }

  @Test("loads as it is and shows the defaults")
  func defaults() throws {
    let configuration = try load(example)
    #expect(configuration.server == ServiceConfiguration().server)
    #expect(configuration.models == ServiceConfiguration().models)
    #expect(configuration.queue == ServiceConfiguration().queue)
    #expect(configuration.cache == ServiceConfiguration().cache)
    #expect(configuration.storage == ServiceConfiguration().storage)
    #expect(configuration.jobs == ServiceConfiguration().jobs)
    #expect(configuration.monitoring == ServiceConfiguration().monitoring)
    #expect(configuration.openAI == ServiceConfiguration().openAI)
    #expect(configuration.security == ServiceConfiguration().security)
  }

  @Test("loads with everything switched on, and then has every key")
  func everyKey() throws {
    let full = example.replacing(#/(?m)^( +)#([a-z_]+:)/#) { "\($0.output.1)\($0.output.2)" }
    _ = try load(full)
    let root = try YAMLDocument.root(of: full, in: "config.example.yaml")
    func keys(_ path: String...) throws -> [String] {
      var value = root
      for key in path {
        value = try #require(try value.entries(of: "").first { $0.key == key }).value
      }
      return try value.entries(of: "").map(\.key)
    }
    #expect(try keys() == ConfigurationKeys.Section.allCases.map(\.rawValue))
    #expect(try keys("queue") == ConfigurationKeys.queue.map(\.name))
    #expect(try keys("cache") == ConfigurationKeys.cache.map(\.name))
    #expect(try keys("storage") == ConfigurationKeys.storage.map(\.name))
    #expect(try keys("jobs") == ConfigurationKeys.jobs.map(\.name))
    #expect(try keys("monitoring") == ConfigurationKeys.monitoring.map(\.name))
    #expect(try keys("openai") == ConfigurationKeys.openAI.map(\.name))
    let security = try keys("security").flatMap { key -> [String] in
      guard ["rate_limit", "audit"].contains(key) else { return [key] }
      return try keys("security", key).map { "\(key).\($0)" }
    }
    #expect(security == ConfigurationKeys.security.map(\.name))
    #expect(try keys("server") == ConfigurationKeys.server.map(\.name))
    #expect(try keys("models") == ConfigurationKeys.models.map(\.name))
    #expect(try keys("presets", "station_announcement") == ConfigurationKeys.preset.map(\.name))
  }
}
