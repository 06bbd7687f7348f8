internal import Tensor

/// Gated convolutions whose outputs add up: WaveNet's residual and skip connections, not causal.
///
/// `WN` in VITS's `modules.py`.
struct WaveNet {
  private struct Layer {
    let input: Convolution
    /// `nil` in the last layer, which has only a skip connection.
    let residual: Convolution?
    let skip: Convolution
  }

  private let layers: [Layer]
  private let speaker: Convolution?
  private let channels: Int

  init(_ reader: VITSReader, channels: Int, speakerChannels: Int) throws(TensorError) {
    self.channels = channels
    let count = reader["in_layers"].count(of: "bias")
    var layers: [Layer] = []
    for index in 0..<count {
      let module = reader["in_layers"][index]
      let mixing = reader["res_skip_layers"][index]
      let isLast = index == count - 1
      layers.append(
        Layer(
          input: try module.convolution(
            from: channels, to: 2 * channels, dilation: try module.dilation()),
          residual: isLast ? nil : try Self.half(of: mixing, channels: channels, rows: 0..<channels),
          skip: try Self.half(
            of: mixing, channels: channels, rows: isLast ? 0..<channels : channels..<2 * channels)))
    }
    guard !layers.isEmpty else { throw reader.unsupported("a coupling layer has no convolutions") }
    self.layers = layers
    speaker =
      speakerChannels > 0
      ? try reader["cond_layer"].convolution(from: speakerChannels, to: 2 * channels * count, taps: 1) : nil
  }

  /// [H, F] → [H, F].
  func callAsFunction(_ input: Tensor, speaker: Tensor?) -> Tensor {
    var hidden = input
    var output: Tensor?
    let conditions = speaker.flatMap { speaker in self.speaker.map { speaker.convolved($0) } }
    for (index, layer) in layers.enumerated() {
      var activation = hidden.convolved(layer.input)
      if let conditions {
        activation = activation + conditions.slice(0, index * 2 * channels..<(index + 1) * 2 * channels)
      }
      let gated = activation.gatedTanh()
      output = gated.convolved(layer.skip, adding: output)
      if let residual = layer.residual { hidden = gated.convolved(residual, adding: hidden) }
    }
    return output ?? input
  }

  /// Some of a pointwise convolution's outputs, as a convolution of their own.
  private static func half(
    of reader: VITSReader, channels: Int, rows: Range<Int>
  ) throws(TensorError) -> Convolution {
    let all = try reader.weightShape()[0]
    guard rows.upperBound <= all else {
      throw reader.unsupported("a skip connection has \(all) channels, fewer than \(rows.upperBound)")
    }
    return try reader.convolution(from: channels, taps: 1) { weight, bias in
      weight = HostTensor(
        shape: [rows.count, channels, 1],
        values: Array(weight.values[rows.lowerBound * channels..<rows.upperBound * channels]))
      bias = bias.map { HostTensor(shape: [rows.count], values: Array($0.values[rows])) }
    }
  }
}
