/// Which files make a model, by their official names.
///
/// Source: `from_local` in the reference's `tts.py`, `tts_turbo.py` and `mtl_tts.py`.
package struct CheckpointLayout: Hashable, Sendable {
  /// What a file is for.
  package enum Part: String, CaseIterable, Codable, Sendable {
    case t3
    case s3gen
    case voiceEncoder
    /// The tokenizer's vocabulary; the other tokenizer files lie beside it.
    case tokenizer
    case merges
    /// The built-in voice. Without it a request has to name a voice.
    case conditionals
    case tokenizerConfiguration
    case specialTokens
    case addedTokens
    case cangjie

    /// Whether no speech is possible without it.
    var isRequired: Bool {
      switch self {
      case .t3, .s3gen, .voiceEncoder, .tokenizer, .merges: true
      case .conditionals, .tokenizerConfiguration, .specialTokens, .addedTokens, .cangjie: false
      }
    }
  }

  /// `standard`, `turbo`, `nano` or `multilingual`.
  package let kind: ModelName
  /// The official names of each part, the preferred one first.
  let names: [Part: [String]]

  /// The layout of a kind; `nil` for one that is no Chatterbox checkpoint.
  package init?(_ kind: ModelName) {
    self.kind = kind
    switch kind {
    case .standard:
      names = [
        .t3: ["t3_cfg.safetensors"], .s3gen: ["s3gen.safetensors", "s3gen.pt"],
        .voiceEncoder: ["ve.safetensors", "ve.pt"], .tokenizer: ["tokenizer.json"],
        .conditionals: ["conds.pt"],
      ]
    case .turbo, .nano:
      names = [
        .t3: [kind == .turbo ? "t3_turbo_v1.safetensors" : "t3_nano_v1.safetensors"],
        .s3gen: ["s3gen_meanflow.safetensors"], .voiceEncoder: ["ve.safetensors", "ve.pt"],
        .conditionals: ["conds.pt"], .tokenizer: ["vocab.json"], .merges: ["merges.txt"],
        .tokenizerConfiguration: ["tokenizer_config.json"], .specialTokens: ["special_tokens_map.json"],
        .addedTokens: ["added_tokens.json"],
      ]
    case .multilingual:
      names = [
        .t3: [
          "t3_mtl23ls_v2.safetensors", "t3_mtl23ls_v3.safetensors", "t3_23lang.safetensors",
        ],
        .s3gen: ["s3gen.pt", "s3gen.safetensors", "s3gen_v3.safetensors", "s3gen_v3.pt"],
        .voiceEncoder: ["ve.pt", "ve.safetensors"],
        .tokenizer: ["grapheme_mtl_merged_expanded_v1.json"], .conditionals: ["conds.pt"],
        .cangjie: ["Cangjie5_TC.json"],
      ]
    case .starter, .espeak: return nil
    }
  }

  /// All layouts.
  static let all = ModelName.allCases.compactMap(CheckpointLayout.init)

  /// The files among some names that make up the model, by part.
  ///
  /// The T3 is the official one, else the only `t3_*.safetensors`: fine-tuned models name theirs freely.
  ///
  /// - Parameters:
  ///   - available: names without folders.
  ///   - t3: the T3 file to prefer.
  func selection(from available: Set<String>, t3: String? = nil) -> [Part: String] {
    var selection = names.compactMapValues { $0.first(where: available.contains) }
    if let t3, available.contains(t3) {
      selection[.t3] = t3
    } else if selection[.t3] == nil {
      let candidates = available.filter(Self.isT3)
      if candidates.count == 1 { selection[.t3] = candidates.first }
    }
    return selection
  }

  /// The official names of the required parts that a selection lacks.
  func missing(from selection: [Part: String]) -> [String] {
    Part.allCases.filter { $0.isRequired && selection[$0] == nil }.compactMap { names[$0]?.first }
  }

  /// Whether a file of this name holds a T3.
  static func isT3(_ name: String) -> Bool { name.hasPrefix("t3_") && name.hasSuffix(".safetensors") }
}
