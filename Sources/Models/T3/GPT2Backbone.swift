internal import Tensor

/// GPT-2: learned positions, layer norms before attention and feed-forward nets, and a last one.
///
/// Source: Radford et al., "Language Models are Unsupervised Multitask Learners", 2019; `GPT2Model` in
/// transformers' `modeling_gpt2.py`, with `GPT2_medium` and `GPT2_small` of the reference.
struct GPT2Backbone: T3Backbone {
  let positions: Tensor
  let blocks: [GPT2Block]
  let norm: LayerNormalization

  init(_ reader: CheckpointReader, _ configuration: T3Configuration) throws(TensorError) {
    positions = try reader["wpe"].embedding(configuration.positions, channels: configuration.channels)
    var blocks: [GPT2Block] = []
    for layer in 0..<configuration.layers {
      blocks.append(try GPT2Block(reader["h"][layer], layer, configuration))
    }
    self.blocks = blocks
    norm = try reader["ln_f"].layerNorm(configuration.channels)
  }

  func callAsFunction(_ input: Tensor, _ attention: CachedAttention) -> Tensor {
    var hidden = input + attention.positions.rows(of: positions)
    for block in blocks { hidden = block(hidden, attention) }
    return norm(hidden)
  }
}

/// A layer: attention and a feed-forward net, each on the normalised sum of what came before.
struct GPT2Block {
  let attentionNorm: LayerNormalization
  let attention: GPT2Attention
  let feedForwardNorm: LayerNormalization
  let feedForward: GPT2FeedForward

  init(_ reader: CheckpointReader, _ layer: Int, _ configuration: T3Configuration) throws(TensorError) {
    let channels = configuration.channels
    attentionNorm = try reader["ln_1"].layerNorm(channels)
    attention = try GPT2Attention(reader["attn"], layer, configuration)
    feedForwardNorm = try reader["ln_2"].layerNorm(channels)
    feedForward = try GPT2FeedForward(reader["mlp"], channels: channels)
  }

  func callAsFunction(_ input: Tensor, _ pass: CachedAttention) -> Tensor {
    let attended = input + attention(attentionNorm(input), pass)
    return attended + feedForward(feedForwardNorm(attended))
  }
}

struct GPT2Attention {
  /// Queries, keys and values in one matrix.
  let input: Linear
  let output: Linear
  let layer: Int
  let heads: Int

  init(_ reader: CheckpointReader, _ layer: Int, _ configuration: T3Configuration) throws(TensorError) {
    let channels = configuration.channels
    input = try reader["c_attn"].transposedLinear(from: channels, to: 3 * channels)
    output = try reader["c_proj"].transposedLinear(from: channels, to: channels)
    (self.layer, heads) = (layer, configuration.heads)
  }

  func callAsFunction(_ hidden: Tensor, _ pass: CachedAttention) -> Tensor {
    let (channels, rows) = (hidden.size(0), hidden.size(1))
    let projected = hidden.linear(input)
    let part = { (index: Int) in
      projected.slice(0, index * channels..<(index + 1) * channels).contiguous()
        .reshaped([T3Configuration.headChannels, heads, rows])
    }
    let attended = pass(part(0), part(1), part(2), layer: layer)
    return attended.linear(output)
  }
}

struct GPT2FeedForward {
  let widen: Linear
  let narrow: Linear

  init(_ reader: CheckpointReader, channels: Int) throws(TensorError) {
    let shape = try reader["c_fc"].shape("weight")
    guard shape.count == 2 else {
      throw reader.unsupported("'\(reader.key("c_fc.weight"))' is not a matrix")
    }
    widen = try reader["c_fc"].transposedLinear(from: channels, to: shape[1])
    narrow = try reader["c_proj"].transposedLinear(from: shape[1], to: channels)
  }

  func callAsFunction(_ input: Tensor) -> Tensor { input.linear(widen).geluByTanh().linear(narrow) }
}

extension ModuleReader where File == Checkpoint {
  /// transformers' `Conv1D`: a linear layer whose matrix lies the other way round, [I, O].
  func transposedLinear(from inputs: Int, to outputs: Int) throws(TensorError) -> Linear {
    let found = try shape("weight")
    guard found == [inputs, outputs] else {
      throw .wrongShape(file: file.name, key: key("weight"), expected: [inputs, outputs], found: found)
    }
    let bias = try host("bias", [outputs])
    let (file, key) = (file, key("weight"))
    return weights.linear(key, inputs: inputs, outputs: outputs, bias: bias) {
      let stored = file.checkedTensor(key).values
      return HostTensor(
        shape: [outputs, inputs],
        values: [Float](unsafeUninitializedCapacity: inputs * outputs) { values, count in
          for output in 0..<outputs {
            for input in 0..<inputs { values[output * inputs + input] = stored[input * outputs + output] }
          }
          count = inputs * outputs
        })
    }
  }
}
