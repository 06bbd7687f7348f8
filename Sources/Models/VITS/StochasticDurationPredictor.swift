internal import Tensor

/// Draws how long each phoneme lasts: a normalising flow, run backwards from noise.
///
/// Source: VITS, section 2.2.2; `StochasticDurationPredictor` in the authors' code.
struct StochasticDurationPredictor {
  let pre: Convolution
  let convolutions: DilatedDepthSeparable
  let projection: Convolution
  let speaker: Convolution?
  /// In the order in which they run backwards.
  let flows: [SplineFlow]
  /// The last flow, one number added and one multiplied; only its first channel matters.
  let shift: Float
  let scale: Float

  init(_ reader: VITSReader, channels: Int, speakerChannels: Int) throws(TensorError) {
    pre = try reader["pre"].convolution(from: channels, to: channels, taps: 1)
    convolutions = try DilatedDepthSeparable(reader["convs"], channels: channels)
    projection = try reader["proj"].convolution(from: channels, to: channels, taps: 1)
    speaker =
      speakerChannels > 0
      ? try reader["cond"].convolution(from: speakerChannels, to: channels, taps: 1) : nil
    var flows: [SplineFlow] = []
    // The first flow is never run backwards, and exporters leave it out; the others stand at odd places.
    for index in stride(from: 31, to: 1, by: -2) where reader["flows"][index].contains("proj.weight") {
      flows.append(try SplineFlow(reader["flows"][index], channels: channels))
    }
    guard !flows.isEmpty else { throw reader.unsupported("it has no stochastic duration predictor") }
    self.flows = flows
    shift = try reader["flows"][0].host("m", [2, 1]).values[0]
    // e^−logs, which exporters compute ahead, in part or not at all.
    scale = try reader.file.input(1, ofNode: "/dp/flows.0/Mul", shape: [2, 1]).values[0]
  }

  /// Hidden [H, T] and noise, two of [1, T] → log durations in frames, [1, T].
  func callAsFunction(_ hidden: Tensor, noise: (Tensor, Tensor), speaker: Tensor?) -> Tensor {
    var condition = hidden.convolved(pre)
    if let speaker, let convolution = self.speaker { condition = condition + speaker.convolved(convolution) }
    condition = convolutions(condition).convolved(projection)
    var (first, second) = noise
    for flow in flows {
      swap(&first, &second)
      second = flow.inverse(second, given: first, condition: condition)
    }
    swap(&first, &second)
    return (first - shift) * scale
  }
}

/// Residual layers of a dilated convolution a channel, then one across channels.
///
/// `DDSConv` in VITS's `modules.py`.
struct DilatedDepthSeparable {
  private struct Layer {
    let depthwise: DepthwiseConvolution
    let depthwiseNorm: LayerNorm
    let pointwise: Convolution
    let pointwiseNorm: LayerNorm
  }

  private let layers: [Layer]

  init(_ reader: VITSReader, channels: Int) throws(TensorError) {
    var layers: [Layer] = []
    var dilation = 1
    for index in 0..<reader["convs_sep"].count(of: "weight") {
      let weight = try reader["convs_sep"][index].host("weight")
      guard weight.shape.count == 3, weight.shape[0] == channels, weight.shape[1] == 1,
        !weight.shape[2].isMultiple(of: 2), dilation <= 4096
      else {
        throw reader.unsupported("a depthwise convolution has the shape \(weight.shape)")
      }
      layers.append(
        Layer(
          depthwise: reader.weights.depthwiseConvolution(
            "convs_sep.\(index)", weight, bias: try reader["convs_sep"][index].host("bias", [channels]),
            dilation: dilation),
          depthwiseNorm: try LayerNorm(reader["norms_1"][index], channels: channels),
          pointwise: try reader["convs_1x1"][index].convolution(from: channels, to: channels, taps: 1),
          pointwiseNorm: try LayerNorm(reader["norms_2"][index], channels: channels)))
      dilation *= weight.shape[2]
    }
    self.layers = layers
  }

  /// [H, T] → [H, T].
  func callAsFunction(_ input: Tensor) -> Tensor {
    layers.reduce(input) { input, layer in
      let mixed = layer.depthwiseNorm(input.convolved(layer.depthwise)).gelu()
      return input + layer.pointwiseNorm(mixed.convolved(layer.pointwise)).gelu()
    }
  }
}
