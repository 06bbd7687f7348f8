import Foundation
import Models
import Tensor

/// A file of `tools/reference/chatterbox/cloning_golden.py`: what the reference made of one recording.
struct CloningGolden {
  let samples16: [Float]
  let samples24: [Float]
  /// Every `every`-th frame of the spectra.
  let every: Int
  let promptMel: [Float]
  let tokenizerMel: [Float]
  let filterBank: [Float]
  let tokens: [Int32]
  /// The tokens of the recording `repeat` times over.
  let longTokens: [Int32]
  let `repeat`: Int
  let embedding: [Float]

  /// The part of the 16 kHz samples that lasts as long as the 24 kHz ones.
  var shortSamples16: [Float] { Array(samples16.prefix(samples24.count * 2 / 3)) }

  init(path: String) throws {
    let file = try Checkpoint(path: path)
    samples16 = try file.tensor("samples_16").values.map { $0 / 32768 }
    samples24 = try file.tensor("samples_24").values.map { $0 / 32768 }
    every = Int(try file.integers("every")[0])
    promptMel = try file.tensor("prompt_mel").values
    tokenizerMel = try file.tensor("tokenizer_mel").values
    filterBank = try file.tensor("filter_bank").values
    tokens = try file.integers("tokens")
    longTokens = try file.integers("long_tokens")
    self.repeat = Int(try file.integers("repeat")[0])
    embedding = try file.tensor("x_vector").values
  }

  /// The committed file, of the small checkpoint.
  static func small() throws -> CloningGolden {
    try CloningGolden(
      path: SyntheticCheckpoint.folder.appending(path: "cloning/standard.safetensors").path)
  }

  /// The small checkpoint's file, made once: it takes a second.
  static let checkpointBytes = Result { try SyntheticCheckpoint.named("s3gen").safetensors() }

  /// Runs `body` with the small checkpoint, or with another of these bytes.
  @discardableResult
  static func withCheckpoint<Answer>(
    _ bytes: Data? = nil, _ body: (Checkpoint) throws -> Answer
  ) throws -> Answer {
    let path = FileManager.default.temporaryDirectory.appending(
      path: "s3gen-\(UUID().uuidString).safetensors")
    defer { try? FileManager.default.removeItem(at: path) }
    try (bytes ?? checkpointBytes.get()).write(to: path)
    return try body(Checkpoint(path: path.path))
  }

  /// The largest difference between frames of ours, and those of them that the reference's file holds;
  /// infinite when there are more or fewer.
  func largestError(_ frames: [Float], _ reference: [Float], channels: Int) -> Float {
    let kept = stride(from: 0, to: frames.count, by: channels * every)
      .flatMap { frames[$0..<$0 + channels] }
    guard kept.count == reference.count else { return .infinity }
    return zip(kept, reference).map { abs($0 - $1) }.max() ?? .infinity
  }

  /// The share of tokens that are equal; 0 when there are more or fewer.
  static func share(_ tokens: [Int32], _ reference: [Int32]) -> Double {
    guard tokens.count == reference.count, !tokens.isEmpty else { return 0 }
    return Double(zip(tokens, reference).filter { $0 == $1 }.count) / Double(tokens.count)
  }

  /// The cosine of the angle between two vectors of one length.
  static func similarity(_ a: [Float], _ b: [Float]) -> Double {
    guard a.count == b.count else { return 0 }
    let product = { (x: [Float], y: [Float]) in zip(x, y).reduce(0.0) { $0 + Double($1.0) * Double($1.1) } }
    return product(a, b) / (product(a, a) * product(b, b)).squareRoot()
  }
}
