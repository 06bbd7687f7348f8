import Chatterbox
import Foundation

/// Small Chatterbox models with random weights in the official layout: noise, but through every stage.
struct SmallModels {
  let folder: TemporaryFolder

  /// Installs models by hand, as a person who copies files would.
  init(_ models: [String]) throws {
    folder = try TemporaryFolder()
    for model in models { try install(model) }
  }

  private static let fixtures = SyntheticCheckpoint.folder

  private func install(_ model: String) throws {
    let directory = folder.url.appending(path: model)
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    let (files, tokenizer): ([String], [String]) =
      switch model {
      case "turbo": (["t3_turbo_v1", "s3gen_meanflow", "ve"], Self.names(in: "turbo-tokenizer"))
      default: (["t3_cfg", "s3gen", "ve"], [])
      }
    for file in files {
      try SyntheticCheckpoint.named(file).safetensors()
        .write(to: directory.appending(path: "\(file).safetensors"))
    }
    for name in tokenizer {
      try copy("turbo-tokenizer/\(name)", to: directory.appending(path: name))
    }
    if model == "standard" {
      try copy("../tokenizers/tokenizer-en.json", to: directory.appending(path: "tokenizer.json"))
    }
    try copy("conds.pt", to: directory.appending(path: "conds.pt"))
  }

  private static func names(in folder: String) -> [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: fixtures.appending(path: folder).path)) ?? []
  }

  private func copy(_ name: String, to destination: URL) throws {
    try FileManager.default.copyItem(at: Self.fixtures.appending(path: name).standardized, to: destination)
  }

  /// An engine of these models; without a watermark, whose weights are not here.
  ///
  /// - Parameter tokens: the most speech tokens of a sentence; random weights seldom end one.
  func engine(watermark: Bool = false, tokens: Int? = nil) throws -> ChatterboxEngine {
    var configuration = EngineConfiguration()
    configuration.mostSpeechTokens = tokens
    configuration.modelsDirectory = folder.url.path
    configuration.voicesDirectory = folder.path("voices")
    configuration.watermark = watermark
    return try ChatterboxEngine(configuration)
  }
}
