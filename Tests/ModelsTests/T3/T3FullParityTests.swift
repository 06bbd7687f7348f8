import Foundation
import Models
import Tensor
import Testing

/// Files too large to be committed: `CHATTERBOX_PARITY=FOLDER`, where FOLDER holds `checkpoints/full/<model>/` and
/// `golden/full/t3_<model>.safetensors` of `tools/reference/chatterbox/t3_golden.py`.
private enum FullT3 {
  static let folder = ProcessInfo.processInfo.environment["CHATTERBOX_PARITY"]
  /// The models to compare, all by default: `CHATTERBOX_PARITY_MODELS=nano,turbo`.
  static let models =
    ProcessInfo.processInfo.environment["CHATTERBOX_PARITY_MODELS"]
    .map { $0.split(separator: ",").compactMap { SmallT3(rawValue: String($0)) } } ?? SmallT3.allCases
}

/// It prints a line for every figure: `PARITY | stage | bar | measured | ok` or `FAIL`.
@Suite("T3 at full size equals the reference", .enabled(if: FullT3.folder != nil), .serialized)
struct T3FullParityTests {
  @Test("in floats: cosine of at least 0.99999 at every step, and the same tokens", arguments: FullT3.models)
  func floats(model: SmallT3) throws {
    let result = try compare(model, .float32)
    let steps = result.cosines.count
    let least = result.cosines.min() ?? 0
    report(
      model, .float32, "prefill cosine", bar: ">= 0.99999", result.cosines[0],
      isGood: result.cosines[0] >= 0.99999)
    report(
      model, .float32, "\(steps - 1) steps, least cosine", bar: ">= 0.99999", least, isGood: least >= 0.99999)
    report(
      model, .float32, "greedy tokens equal", bar: "\(steps)", result.equalTokens,
      isGood: result.equalTokens == steps)
    reportTimes(model, .float32, result)
    #expect(steps > 100)
    #expect(least >= 0.99999)
    #expect(result.equalTokens == steps)
  }

  @Test("with fewer bits: how near", arguments: FullT3.models, [WeightType.bfloat16, .q8_0])
  func fewerBits(model: SmallT3, type: WeightType) throws {
    let result = try compare(model, type)
    report(model, type, "prefill cosine", bar: "-", result.cosines[0], isGood: true)
    report(model, type, "least cosine", bar: "-", result.cosines.min() ?? 0, isGood: true)
    report(
      model, type, "greedy tokens equal of \(result.cosines.count)", bar: "-", result.equalTokens,
      isGood: true)
    reportTimes(model, type, result)
    #expect((result.cosines.min() ?? 0) > 0.9)
  }

  private struct Result {
    /// Of the logits, the least of a step's rows.
    var cosines: [Double] = []
    var equalTokens = 0
    var prefixMilliseconds = 0.0
    var textMilliseconds = 0.0
    var stepMilliseconds = 0.0
  }

  /// Speaks along the reference's tokens, so that one other choice does not make all later steps incomparable.
  private func compare(_ model: SmallT3, _ type: WeightType) throws -> Result {
    let folder = URL(filePath: try #require(FullT3.folder))
    let file = folder.appending(path: "checkpoints/full/\(model.rawValue)/\(model.list).safetensors")
    let golden = try T3Golden(
      Checkpoint(path: folder.appending(path: "golden/full/t3_\(model.rawValue).safetensors").path))
    let t3 = try T3(
      Checkpoint(path: file.path), on: Backend(), matrixType: type, alignedHeads: golden.alignedHeads)
    var result = Result()
    let start = ContinuousClock.now
    let prefix = try t3.prefix(of: golden.condition)
    let middle = ContinuousClock.now
    let generation = try t3.generation(
      of: golden.textTokens, prefix: prefix, sampling: model.sampling, seed: 0)
    result.prefixMilliseconds = milliseconds(middle - start)
    result.textMilliseconds = milliseconds(ContinuousClock.now - middle)
    var durations: [Duration] = []
    for (step, rows) in golden.logits.enumerated() {
      let start = ContinuousClock.now
      let token = try t3.next(generation)
      durations.append(ContinuousClock.now - start)
      let cosines = zip(generation.logits, rows).map { cosine(thinned($0, golden.stride), $1) }
      result.cosines.append(cosines.min() ?? 0)
      let expected = step < golden.speechTokens.count ? golden.speechTokens[step] : nil
      if token == expected { result.equalTokens += 1 }
      if let expected { t3.replaceLastToken(of: generation, by: expected) }
    }
    result.stepMilliseconds = milliseconds(durations.dropFirst().sorted()[durations.count / 2])
    return result
  }

  private func milliseconds(_ duration: Duration) -> Double {
    Double(duration.components.attoseconds) * 1e-15 + Double(duration.components.seconds) * 1e3
  }

  private func reportTimes(_ model: SmallT3, _ type: WeightType, _ result: Result) {
    report(model, type, "ms for the voice", bar: "-", result.prefixMilliseconds, isGood: true)
    report(model, type, "ms for 60 text tokens", bar: "-", result.textMilliseconds, isGood: true)
    report(model, type, "ms a token", bar: "-", result.stepMilliseconds, isGood: true)
  }

  private func report(
    _ model: SmallT3, _ type: WeightType, _ stage: String, bar: String,
    _ measured: some CustomStringConvertible,
    isGood: Bool
  ) {
    print(
      "PARITY | t3 \(model.rawValue) \(type.rawValue) \(stage) | \(bar) | \(measured) | \(isGood ? "ok" : "FAIL")"
    )
  }
}
