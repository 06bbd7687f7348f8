internal import Tensor

/// VITS's text encoder: phonemes → the mean and log deviation of the prior, one of each a phoneme.
///
/// Source: Kim et al., "Conditional Variational Autoencoder with Adversarial Learning for End-to-End
/// Text-to-Speech", 2021, section 2.5; `TextEncoder` in the authors' code.
struct TextEncoder {
  let embedding: Tensor
  let layers: [EncoderLayer]
  let projection: Convolution
  let vocabulary: Int
  let hiddenChannels: Int
  let latentChannels: Int

  init(_ reader: VITSReader) throws(TensorError) {
    let table = try reader["emb"].host("weight")
    guard table.shape.count == 2 else { throw reader.unsupported("its phoneme embedding is not a table") }
    (vocabulary, hiddenChannels) = (table.shape[0], table.shape[1])
    embedding = reader.weights.add("enc_p.emb.weight", shape: [hiddenChannels, vocabulary], table.values)
    let encoder = reader["encoder"]
    var layers: [EncoderLayer] = []
    for index in 0..<encoder["attn_layers"].count(of: "conv_q.weight") {
      layers.append(try EncoderLayer(encoder, index: index, channels: hiddenChannels))
    }
    self.layers = layers
    projection = try reader["proj"].convolution(from: hiddenChannels, taps: 1)
    let outputs = try reader["proj"].weightShape()[0]
    guard outputs.isMultiple(of: 4) else {
      throw reader.unsupported("its encoder ends in \(outputs) channels, where a multiple of 4 is expected")
    }
    latentChannels = outputs / 2
  }

  /// Phoneme ids [T] → hidden [H, T], mean [C, T], log deviation [C, T].
  func callAsFunction(_ phonemes: Tensor) -> (hidden: Tensor, mean: Tensor, logDeviation: Tensor) {
    var hidden = phonemes.rows(of: embedding) * Float(hiddenChannels).squareRoot()
    for layer in layers { hidden = layer(hidden) }
    let statistics = hidden.convolved(projection)
    return (
      hidden,
      statistics.slice(0, 0..<latentChannels),
      statistics.slice(0, latentChannels..<2 * latentChannels)
    )
  }
}

/// One transformer layer: attention and a convolutional feed-forward net, each normalised after its residual.
struct EncoderLayer {
  let attention: RelativeAttention
  let attentionNorm: LayerNorm
  let widen: Convolution
  let narrow: Convolution
  let feedForwardNorm: LayerNorm

  init(_ encoder: VITSReader, index: Int, channels: Int) throws(TensorError) {
    attention = try RelativeAttention(encoder["attn_layers"][index], channels: channels)
    attentionNorm = try LayerNorm(encoder["norm_layers_1"][index], channels: channels)
    let feedForward = encoder["ffn_layers"][index]
    widen = try feedForward["conv_1"].convolution(from: channels)
    narrow = try feedForward["conv_2"].convolution(
      from: feedForward["conv_1"].weightShape()[0], to: channels)
    feedForwardNorm = try LayerNorm(encoder["norm_layers_2"][index], channels: channels)
  }

  func callAsFunction(_ input: Tensor) -> Tensor {
    let attended = attentionNorm(attention(input) + input)
    return feedForwardNorm(attended.convolved(widen).convolved(narrow, slope: 0, adding: attended))
  }
}

/// Layer normalisation over the channels.
struct LayerNorm {
  let scale: Tensor
  let shift: Tensor

  init(_ reader: VITSReader, channels: Int) throws(TensorError) {
    scale = try reader.tensor("gamma", [channels])
    shift = try reader.tensor("beta", [channels])
  }

  func callAsFunction(_ input: Tensor) -> Tensor { input.layerNorm(scale, shift) }
}
