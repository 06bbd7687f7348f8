import Foundation
import Models
import Tensor

/// The networks one by one, each on what the one before would give it.
final class Stages {
  private let folder: URL
  private let type: WeightType
  private let threads: Int
  private var loaded: Networks?

  init(folder: URL, type: WeightType, threads: Int) {
    (self.folder, self.type, self.threads) = (folder, type, threads)
  }

  private struct Networks {
    let tokenModel: T3
    let decoder: S3Gen
    let vocoder: HiFT
    let condition: T3Condition
    let prefix: T3Prefix
    let voice: S3GenReference
  }

  /// The answer to a command; `nil` for one that is not of a stage.
  func answer(_ command: String, _ rest: String) throws -> [String: Double]? {
    let numbers = rest.split(separator: " ").compactMap { Int($0) }
    switch command {
    case "start": return try start()
    case "bandwidth": return ["gigabytes_per_second": Machine.bandwidth(threads: threads)]
    case "memory": return ["megabytes": Machine.residentMegabytes]
    case "voice": return try seconds { _ = try networks().tokenModel.prefix(of: networks().condition) }
    case "prefill": return try prefill(tokens: numbers[0])
    case "batch": return try batch(numbers[0], steps: numbers[1], text: numbers[2])
    case "flow": return try flow(tokens: numbers[0], steps: numbers.count > 1 ? numbers[1] : nil)
    case "vocoder": return try vocoder(frames: numbers[0])
    default: return nil
    }
  }

  private func networks() throws -> Networks {
    if let loaded { return loaded }
    let backend = try Backend(threads: threads)
    let conditions = try Checkpoint(path: folder.appending(path: "conds.pt").path)
    let condition = try Self.condition(conditions)
    let tokenModel = try T3(try file("t3"), on: backend, matrixType: type)
    let weights = try file("s3gen")
    let networks = Networks(
      tokenModel: tokenModel, decoder: try S3Gen(weights, on: backend),
      vocoder: try HiFT(weights, on: backend),
      condition: condition, prefix: try tokenModel.prefix(of: condition),
      voice: S3GenReference(
        promptTokens: try conditions.integers("gen.prompt_token"),
        promptMel: try conditions.tensor("gen.prompt_feat").values,
        speakerEmbedding: try conditions.tensor("gen.embedding").values))
    loaded = networks
    return networks
  }

  private static func condition(_ conditions: Checkpoint) throws -> T3Condition {
    T3Condition(
      speakerEmbedding: try conditions.tensor("t3.speaker_emb").values,
      promptTokens: try conditions.integers("t3.cond_prompt_speech_tokens"))
  }

  private func file(_ prefix: String) throws -> Checkpoint {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    guard let name = names.first(where: { $0.hasPrefix(prefix) && !$0.hasSuffix(".gguf") }) else {
      throw CocoaError(.fileNoSuchFile)
    }
    return try Checkpoint(path: folder.appending(path: name).path)
  }

  /// From a T3 on disk to its first speech token, the voice taken in on the way.
  private func start() throws -> [String: Double] {
    try seconds {
      let conditions = try Checkpoint(path: folder.appending(path: "conds.pt").path)
      let tokenModel = try T3(try file("t3"), on: Backend(threads: threads), matrixType: type)
      let generation = try tokenModel.generation(
        of: Self.text(14), condition: Self.condition(conditions), sampling: sampling(1), seed: 1)
      _ = try tokenModel.next(generation)
    }
  }

  private func prefill(tokens: Int) throws -> [String: Double] {
    let networks = try networks()
    return try seconds {
      let generation = try networks.tokenModel.generation(
        of: Self.text(tokens), prefix: networks.prefix, sampling: sampling(1), seed: 1)
      _ = try networks.tokenModel.next(generation)
    }
  }

  /// Several speeches at once: the time to take in their texts and of all their steps, and of a step the
  /// median and the longest.
  private func batch(_ count: Int, steps: Int, text: Int) throws -> [String: Double] {
    let networks = try networks()
    var speeches: [T3Generation] = []
    let prefill = try seconds {
      speeches = try (0..<count).map {
        try networks.tokenModel.generation(
          of: Self.text(text), prefix: networks.prefix, sampling: sampling(steps + 1), seed: UInt64($0))
      }
      _ = try networks.tokenModel.next(speeches)
    }
    var gaps: [Double] = []
    var cached = 0
    for step in 0..<steps {
      if step == steps / 2 {
        cached = speeches.reduce(0) { $0 + networks.tokenModel.cacheBytes(of: $1) }
      }
      gaps.append(try seconds { _ = try networks.tokenModel.next(speeches) }["seconds"] ?? 0)
      // Random weights may end a speech; real ones would not do less work.
      for (index, speech) in speeches.enumerated() {
        networks.tokenModel.replaceLastToken(of: speech, by: Int32((step * 131 + index * 17) % 6561))
      }
    }
    gaps.sort()
    return [
      "seconds": (prefill["seconds"] ?? 0) + gaps.reduce(0, +), "step": gaps[gaps.count / 2],
      "longest": gaps[gaps.count - 1], "tokens": Double(count * (steps + 1)),
      "read_bytes": Double(networks.tokenModel.matrixBytes + cached),
    ]
  }

  private func flow(tokens: Int, steps: Int?) throws -> [String: Double] {
    let networks = try networks()
    let speech = (0..<tokens).map { Int32($0 * 71 % 6561) }
    var flow: S3GenFlow?
    let encoder = try seconds {
      flow = try networks.decoder.flow(of: speech, voice: networks.voice, noise: .seed(1), steps: steps)
    }
    guard var flow else { return [:] }
    var each: [Double] = []
    while !flow.isDone { each.append(try seconds { try networks.decoder.advance(&flow) }["seconds"] ?? 0) }
    each.sort()
    let values = networks.voice.promptMel.count + flow.frames.count
    return [
      "encoder": encoder["seconds"] ?? 0, "step": each[each.count / 2],
      "seconds": (encoder["seconds"] ?? 0) + each.reduce(0, +), "steps": Double(each.count),
      "frames": Double(values / HiFT.melChannels),
    ]
  }

  private func vocoder(frames: Int) throws -> [String: Double] {
    let networks = try networks()
    let mel = (0..<frames * HiFT.melChannels).map { 2 * sinf(Float($0) * 0.7) - 4 }
    var samples = 0
    var answer = try seconds { samples = try networks.vocoder.waveform(of: mel, randomness: .seed(1)).count }
    answer["samples"] = Double(samples)
    return answer
  }

  private static func text(_ count: Int) -> [Int32] { (0..<count).map { Int32($0 * 37 % 250 + 1) } }

  private func sampling(_ tokens: Int) -> T3Sampling {
    let isTurbo = folder.lastPathComponent == "turbo" || folder.lastPathComponent == "nano"
    return T3Sampling(
      minimumP: isTurbo ? 0 : 0.05, topP: isTurbo ? 0.95 : 1, topK: isTurbo ? 1000 : 0,
      guidance: isTurbo ? 0 : 0.5, maximumTokens: max(1, tokens), endsLoops: false)
  }
}

/// How long some work takes.
func seconds(_ work: () throws -> Void) rethrows -> [String: Double] {
  let start = ContinuousClock.now
  try work()
  return ["seconds": start.duration(to: .now) / .seconds(1)]
}
