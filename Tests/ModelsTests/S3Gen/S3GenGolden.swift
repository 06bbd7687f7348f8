import Foundation
import Models
import Tensor

/// A file of `tools/reference/chatterbox/end_to_end.py`: what the reference made of one text.
struct S3GenGolden {
  let tokens: [Int32]
  /// Rows of 80, the prompt included.
  let noise: [Float]
  /// Rows of 80, without the prompt.
  let mel: [Float]
  /// Rows of 80, the prompt included; only in a file with stages.
  let encoder: [Float]?

  init(path: String) throws {
    let file = try Checkpoint(path: path)
    tokens = try file.integers("vocoder_tokens")
    noise = rows(try file.tensor("flow_noise"))
    mel = rows(try file.tensor("mel"))
    encoder = file.contains("encoder") ? rows(try file.tensor("encoder")) : nil
  }

  /// The small model that the committed files were made with.
  static func smallModel(
    _ model: String, ownKernels: Bool = true, changing: (inout [SyntheticCheckpoint.Entry]) -> Void = { _ in }
  ) throws -> S3Gen {
    var synthetic = try SyntheticCheckpoint.named(isMeanFlow(model) ? "s3gen_meanflow" : "s3gen")
    changing(&synthetic.tensors)
    let path = URL.temporaryDirectory.appending(path: "\(UUID().uuidString).safetensors")
    try synthetic.safetensors().write(to: path)
    defer { try? FileManager.default.removeItem(at: path) }
    return try S3Gen(Checkpoint(path: path.path), on: Backend(ownKernels: ownKernels))
  }

  static func isMeanFlow(_ model: String) -> Bool { model == "turbo" || model == "nano" }

  /// The committed file of a small model.
  static func small(_ model: String) throws -> S3GenGolden {
    try S3GenGolden(path: SyntheticCheckpoint.folder.path + "/end_to_end/\(model).safetensors")
  }

  /// The voice of a `conds.pt`; the committed one without a path.
  static func voice(_ path: String = SyntheticCheckpoint.folder.path + "/conds.pt") throws -> S3GenReference {
    let file = try Checkpoint(path: path)
    return S3GenReference(
      promptTokens: try file.integers("gen.prompt_token"),
      promptMel: try file.tensor("gen.prompt_feat").values,
      speakerEmbedding: try file.tensor("gen.embedding").values)
  }
}

/// PyTorch's [channels, frames] as rows of channels.
private func rows(_ tensor: HostTensor) -> [Float] {
  let (channels, frames) = (tensor.shape[0], tensor.shape[1])
  return (0..<frames).flatMap { frame in
    (0..<channels).map { tensor.values[$0 * frames + frame] }
  }
}

/// The largest difference between two results, as a share of the second's range; infinite where they do not
/// compare.
func largestError(_ values: [Float], _ truth: [Float]) -> Float {
  guard values.count == truth.count, let low = truth.min(), let high = truth.max(), high > low else {
    return .infinity
  }
  return zip(values, truth).reduce(0) { largest, pair in
    let error = abs(pair.0 - pair.1)
    return error.isNaN ? .infinity : max(largest, error)
  } / (high - low)
}
