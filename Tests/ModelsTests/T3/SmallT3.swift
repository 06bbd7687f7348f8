import Foundation
import Models
import Tensor

/// The four kinds of T3 as small checkpoints with random weights, those that the reference was run on.
enum SmallT3: String, CaseIterable {
  case standard, turbo, nano, multilingual

  /// The checkpoint's list, see ``SyntheticCheckpoint``.
  var list: String {
    switch self {
    case .standard: "t3_cfg"
    case .turbo: "t3_turbo_v1"
    case .nano: "t3_nano_v1"
    case .multilingual: "t3_mtl23ls_v2"
    }
  }

  var golden: T3Golden {
    get throws { try T3Golden(Self.fixture("t3_\(rawValue)")) }
  }

  var sampling: T3Sampling { T3Golden.sampling(rawValue) }

  func load(on backend: Backend? = nil, matrixType: WeightType = .float32) throws -> T3 {
    try T3(
      Self.checkpoint(file.get()), on: backend ?? Backend(), matrixType: matrixType,
      alignedHeads: golden.alignedHeads)
  }

  /// The checkpoint with some text of its list replaced, to damage it.
  func damaged(_ text: String, _ replacement: String) throws -> Checkpoint {
    let list = try String(
      contentsOf: SyntheticCheckpoint.folder.appending(path: "\(list).json"), encoding: .utf8)
    guard list.contains(text) else { throw CocoaError(.fileReadCorruptFile) }
    let changed = Data(list.replacing(text, with: replacement).utf8)
    return try Self.checkpoint(
      JSONDecoder().decode(SyntheticCheckpoint.self, from: changed).safetensors())
  }

  /// A checkpoint of these bytes. Its file is gone as soon as it is mapped.
  private static func checkpoint(_ bytes: Data) throws -> Checkpoint {
    let path = FileManager.default.temporaryDirectory.appending(path: "t3-\(UUID().uuidString).safetensors")
    defer { try? FileManager.default.removeItem(at: path) }
    try bytes.write(to: path)
    return try Checkpoint(path: path.path)
  }

  /// A file of `tools/reference/chatterbox/t3_golden.py`.
  static func fixture(_ name: String) throws -> Checkpoint {
    try Checkpoint(path: SyntheticCheckpoint.folder.appending(path: "t3/\(name).safetensors").path)
  }

  private var file: Result<Data, any Error> {
    switch self {
    case .standard: Self.standardFile
    case .turbo: Self.turboFile
    case .nano: Self.nanoFile
    case .multilingual: Self.multilingualFile
    }
  }

  private static let standardFile = make(.standard)
  private static let turboFile = make(.turbo)
  private static let nanoFile = make(.nano)
  private static let multilingualFile = make(.multilingual)

  private static func make(_ model: SmallT3) -> Result<Data, any Error> {
    Result { try SyntheticCheckpoint.named(model.list).safetensors() }
  }
}

extension T3 {
  /// A text's speech tokens, all of them.
  func speak(
    _ text: [Int32], _ prefix: T3Prefix, _ sampling: T3Sampling, seed: UInt64 = 0
  ) throws -> [Int32] {
    let generation = try generation(of: text, prefix: prefix, sampling: sampling, seed: seed)
    while try next(generation) != nil {}
    return generation.tokens
  }
}
