import Foundation

/// The files of one Chatterbox model in a folder, under their official names.
struct CheckpointFolder: Hashable, Sendable {
  let kind: ModelName
  let directory: URL

  /// T3's weights. Multilingual takes version 3 where both are there, and a single-language pack has one of
  /// its own name.
  func tokenModel() throws(ChatterboxError) -> String {
    switch kind {
    case .turbo: return try file("t3_turbo_v1.safetensors")
    case .nano: return try file("t3_nano_v1.safetensors")
    case .standard: return try file("t3_cfg.safetensors")
    default:
      let official = ["t3_mtl23ls_v3.safetensors", "t3_mtl23ls_v2.safetensors"]
      if let path = first(of: official) { return path }
      let names = (try? FileManager.default.contentsOfDirectory(atPath: directory.path)) ?? []
      let packs = names.filter { $0.hasPrefix("t3_") && $0.hasSuffix(".safetensors") }.sorted()
      guard packs.count == 1 else { throw missing(official[1]) }
      return path(packs[0])
    }
  }

  /// S3Gen's weights, with the vocoder's, the speech tokenizer's and the speaker encoder's.
  func decoder() throws(ChatterboxError) -> String {
    kind.voiceFamily == .turbo
      ? try file("s3gen_meanflow.safetensors")
      : try file("s3gen.safetensors", "s3gen.pt", "s3gen_v3.safetensors", "s3gen_v3.pt")
  }

  /// VoiceEncoder's weights.
  func voiceEncoder() throws(ChatterboxError) -> String { try file("ve.safetensors", "ve.pt") }

  /// The model's own voice, if it came with one.
  var builtInVoice: String? { first(of: ["conds.pt"]) }

  /// The vocabulary of the grapheme tokenizers.
  func vocabulary() throws(ChatterboxError) -> URL {
    URL(
      filePath: kind == .standard
        ? try file("tokenizer.json") : try file("grapheme_mtl_merged_expanded_v1.json"))
  }

  var hasCangjieTable: Bool { first(of: ["Cangjie5_TC.json"]) != nil }

  private func path(_ name: String) -> String { directory.appending(path: name).path }

  private func first(of names: [String]) -> String? {
    names.lazy.map(path).first { FileManager.default.isReadableFile(atPath: $0) }
  }

  private func file(_ names: String...) throws(ChatterboxError) -> String {
    guard let path = first(of: names) else { throw missing(names[0]) }
    return path
  }

  private func missing(_ name: String) -> ChatterboxError {
    ChatterboxError(
      .modelUnreadable,
      "The model '\(kind.rawValue)' lacks its file '\(name)'. Fetch it with 'chatterbox models pull'.")
  }
}
