internal import Foundation
internal import Tensor

/// Llama: rotary positions, root mean square norms and gated feed-forward nets.
///
/// Source: Touvron et al., "LLaMA", 2023; `LlamaModel` in transformers' `modeling_llama.py`, with the
/// configuration `Llama_520M` of the reference's `llama_configs.py`.
struct LlamaBackbone: T3Backbone {
  let blocks: [LlamaBlock]
  let norm: RootMeanSquareNorm

  init(_ reader: CheckpointReader, _ configuration: T3Configuration) throws(TensorError) {
    let rotation = RotaryPositions(reader.weights)
    var blocks: [LlamaBlock] = []
    for layer in 0..<configuration.layers {
      blocks.append(try LlamaBlock(reader["layers"][layer], layer, configuration, rotation))
    }
    self.blocks = blocks
    norm = try RootMeanSquareNorm(reader["norm"], configuration.channels)
  }

  func callAsFunction(_ input: Tensor, _ attention: CachedAttention) -> Tensor {
    var hidden = input
    for block in blocks { hidden = block(hidden, attention) }
    return norm(hidden)
  }
}

/// A layer: attention and a feed-forward net, each on the normalised sum of what came before.
struct LlamaBlock {
  let attentionNorm: RootMeanSquareNorm
  let attention: LlamaAttention
  let feedForwardNorm: RootMeanSquareNorm
  let feedForward: LlamaFeedForward

  init(
    _ reader: CheckpointReader, _ layer: Int, _ configuration: T3Configuration, _ rotation: RotaryPositions
  ) throws(TensorError) {
    let channels = configuration.channels
    attentionNorm = try RootMeanSquareNorm(reader["input_layernorm"], channels)
    attention = try LlamaAttention(reader["self_attn"], layer, configuration, rotation)
    feedForwardNorm = try RootMeanSquareNorm(reader["post_attention_layernorm"], channels)
    feedForward = try LlamaFeedForward(reader["mlp"], channels: channels)
  }

  func callAsFunction(_ input: Tensor, _ pass: CachedAttention) -> Tensor {
    let attended = input + attention(attentionNorm(input), pass)
    return attended + feedForward(feedForwardNorm(attended))
  }
}

struct LlamaAttention {
  let query: Linear
  let key: Linear
  let value: Linear
  let output: Linear
  let rotation: RotaryPositions
  let layer: Int
  let heads: Int

  init(
    _ reader: CheckpointReader, _ layer: Int, _ configuration: T3Configuration, _ rotation: RotaryPositions
  ) throws(TensorError) {
    let channels = configuration.channels
    query = try reader["q_proj"].linear(from: channels, to: channels)
    key = try reader["k_proj"].linear(from: channels, to: channels)
    value = try reader["v_proj"].linear(from: channels, to: channels)
    output = try reader["o_proj"].linear(from: channels, to: channels)
    (self.rotation, self.layer, heads) = (rotation, layer, configuration.heads)
  }

  func callAsFunction(_ input: Tensor, _ pass: CachedAttention) -> Tensor {
    let shape = [T3Configuration.headChannels, heads, input.size(1)]
    let attended = pass(
      rotation(input.linear(query).reshaped(shape), pass.positions),
      rotation(input.linear(key).reshaped(shape), pass.positions),
      input.linear(value).reshaped(shape),
      layer: layer)
    return attended.linear(output)
  }
}

struct LlamaFeedForward {
  let gate: Linear
  let up: Linear
  let down: Linear

  init(_ reader: CheckpointReader, channels: Int) throws(TensorError) {
    gate = try reader["gate_proj"].linear()
    up = try reader["up_proj"].linear(from: channels, to: gate.outputs)
    down = try reader["down_proj"].linear(from: gate.outputs, to: channels)
    guard gate.inputs == channels else {
      throw reader.unsupported("'\(reader.key("gate_proj.weight"))' takes \(gate.inputs) elements")
    }
  }

  func callAsFunction(_ input: Tensor) -> Tensor {
    (input.linear(gate).silu() * input.linear(up)).linear(down)
  }
}

struct RootMeanSquareNorm {
  let scale: Tensor

  init(_ reader: CheckpointReader, _ channels: Int) throws(TensorError) {
    scale = try reader.tensor("weight", [channels])
  }

  func callAsFunction(_ input: Tensor) -> Tensor { input.rmsNorm(scale, epsilon: 1e-5) }
}

/// Rotary positions with Llama 3's frequencies: slow ones are slowed down further, for longer contexts than
/// the model was first trained on.
///
/// Source: `_compute_llama3_parameters` in transformers' `modeling_rope_utils.py`.
struct RotaryPositions {
  static let base: Float = 500_000
  private let divisors: Tensor

  init(_ weights: Weights) {
    let values = Self.frequencyDivisors
    divisors = weights.add("rotary divisors", shape: [values.count], values)
  }

  /// What every frequency of a head is divided by.
  static var frequencyDivisors: [Float] {
    let (factor, slowest, fastest, context) = (8.0, 1.0, 4.0, 8192.0)
    let channels = T3Configuration.headChannels
    return (0..<channels / 2).map { index in
      let wavelength = 2 * Double.pi * pow(Double(base), Double(2 * index) / Double(channels))
      let turns = context / wavelength
      if turns < slowest { return Float(factor) }
      if turns > fastest { return 1 }
      let share = (turns - slowest) / (fastest - slowest)
      return Float(1 / ((1 - share) / factor + share))
    }
  }

  func callAsFunction(_ heads: Tensor, _ positions: Tensor) -> Tensor {
    heads.rotated(positions, base: Self.base, frequencyDivisors: divisors)
  }
}
