internal import Tensor

/// The flow between the prior and the voice's latent space, run backwards.
///
/// Every layer moves one half of the channels by what it makes of the other half; between layers the
/// channels' order is reversed. The reversal is folded into the weights, so that no channel ever moves.
///
/// Source: VITS, section 2.2.1; `ResidualCouplingBlock` in the authors' code.
struct ResidualCoupling {
  private let layers: [CouplingLayer]
  private let half: Int

  init(_ reader: VITSReader, channels: Int, speakerChannels: Int) throws(TensorError) {
    half = channels / 2
    var indices: [Int] = []
    while reader["flows"][2 * indices.count].contains("pre.weight") { indices.append(2 * indices.count) }
    guard !indices.isEmpty, indices.count.isMultiple(of: 2) else {
      throw reader.unsupported("its flow has \(indices.count) layers, where an even number is expected")
    }
    var layers: [CouplingLayer] = []
    for (position, index) in indices.reversed().enumerated() {
      layers.append(
        try CouplingLayer(
          reader["flows"][index], half: half, speakerChannels: speakerChannels,
          isReversed: position.isMultiple(of: 2)))
    }
    self.layers = layers
  }

  /// The prior's sample [C, F] → the latent [C, F].
  func inverse(_ sample: Tensor, speaker: Tensor?) -> Tensor {
    var lower = sample.slice(0, 0..<half).contiguous()
    var upper = sample.slice(0, half..<2 * half).contiguous()
    for layer in layers {
      if layer.isReversed {
        lower = layer.inverse(lower, given: upper, speaker: speaker)
      } else {
        upper = layer.inverse(upper, given: lower, speaker: speaker)
      }
    }
    return lower.concatenated(upper, along: 0)
  }
}

/// One coupling layer that only shifts ("mean only").
struct CouplingLayer {
  let isReversed: Bool
  private let pre: Convolution
  private let network: WaveNet
  /// Makes the shift, with its sign turned, so that the residual of one convolution undoes it.
  private let post: Convolution

  init(
    _ reader: VITSReader, half: Int, speakerChannels: Int, isReversed: Bool
  ) throws(TensorError) {
    self.isReversed = isReversed
    let hidden = try reader["pre"].weightShape()[0]
    pre = try reader["pre"].convolution(from: half, to: hidden, taps: 1) { weight, _ in
      if isReversed { weight.reverseInputs() }
    }
    network = try WaveNet(reader["enc"], channels: hidden, speakerChannels: speakerChannels)
    post = try reader["post"].convolution(from: hidden, to: half, taps: 1) { weight, bias in
      weight.scale(by: -1)
      bias?.scale(by: -1)
      if isReversed {
        weight.reverseOutputs()
        bias?.reverseOutputs()
      }
    }
  }

  func inverse(_ moved: Tensor, given other: Tensor, speaker: Tensor?) -> Tensor {
    network(other.convolved(pre), speaker: speaker).convolved(post, adding: moved)
  }
}

extension HostTensor {
  /// The first dimension in reverse.
  fileprivate mutating func reverseOutputs() {
    let size = values.count / shape[0]
    values = (0..<shape[0]).reversed().flatMap { values[$0 * size..<($0 + 1) * size] }
  }

  /// The second dimension of a pointwise weight in reverse.
  fileprivate mutating func reverseInputs() {
    let inputs = shape[1]
    values = (0..<shape[0]).flatMap { values[$0 * inputs..<($0 + 1) * inputs].reversed() }
  }
}
