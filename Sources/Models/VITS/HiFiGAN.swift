internal import Tensor

/// The vocoder: latent frames → waveform.
///
/// Source: Kong et al., "HiFi-GAN", 2020, section 2.2; `Generator` in VITS's `models.py`.
struct HiFiGAN {
  private struct Stage {
    let upsampling: TransposedConvolution
    let blocks: [ResidualBlock]
  }

  private let pre: Convolution
  private let speaker: Convolution?
  private let stages: [Stage]
  private let post: Convolution
  /// Samples a frame.
  let hop: Int
  /// How many frames on each side a sample can hear. Beyond them, frames decode independently.
  let contextFrames: Int

  init(_ reader: VITSReader, channels: Int, speakerChannels: Int) throws(TensorError) {
    pre = try reader["conv_pre"].convolution(from: channels)
    var width = try reader["conv_pre"].weightShape()[0]
    speaker =
      speakerChannels > 0
      ? try reader["cond"].convolution(from: speakerChannels, to: width, taps: 1) : nil
    let stageCount = reader["ups"].count(of: "weight")
    let blockCount = reader["resblocks"].countOfBlocks
    guard stageCount > 0, blockCount > 0, blockCount.isMultiple(of: stageCount) else {
      throw reader.unsupported("its vocoder has \(stageCount) stages and \(blockCount) residual blocks")
    }
    let blocksPerStage = blockCount / stageCount

    var reach = Reach()
    reach.add(taps: try reader["conv_pre"].weightShape()[2])
    var stages: [Stage] = []
    for index in 0..<stageCount {
      // The mean of the blocks before is their sum, its divisor folded into the weights that follow.
      let divisor = index == 0 ? 1 : Float(blocksPerStage)
      let (upsampling, outputs, stride) = try Self.upsampling(
        reader["ups"][index], inputs: width, divisor: divisor)
      width = outputs
      reach.upsample(by: stride)
      var blocks: [ResidualBlock] = []
      for block in index * blocksPerStage..<(index + 1) * blocksPerStage {
        blocks.append(try ResidualBlock(reader["resblocks"][block], channels: width))
      }
      reach.add(samples: blocks.map(\.reach).max() ?? 0)
      stages.append(Stage(upsampling: upsampling, blocks: blocks))
    }
    post = try reader["conv_post"].convolution(from: width, to: 1) { weight, _ in
      weight.scale(by: 1 / Float(blocksPerStage))
    }
    reach.add(taps: try reader["conv_post"].weightShape()[2])
    self.stages = stages
    hop = reach.rate
    contextFrames = reach.frames
  }

  /// Latent [C, F] → samples [1, F·hop] in −1…1.
  func callAsFunction(_ latent: Tensor, speaker: Tensor?) -> Tensor {
    var hidden = latent.convolved(pre)
    if let speaker, let convolution = self.speaker { hidden = hidden + speaker.convolved(convolution) }
    for stage in stages {
      let upsampled = hidden.upsampled(stage.upsampling, slope: ResidualBlock.slope)
      let outputs = stage.blocks.map { $0(upsampled) }
      hidden = outputs.dropFirst().reduce(outputs[0], +)
    }
    // The last activation has PyTorch's default slope, not the one before the other layers.
    return hidden.convolved(post, slope: 0.01).tanh()
  }

  private static func upsampling(
    _ reader: VITSReader, inputs: Int, divisor: Float
  ) throws(TensorError) -> (TransposedConvolution, outputs: Int, stride: Int) {
    var weight = try reader.host("weight")
    let stride = try reader.attribute("strides", of: "ConvTranspose", in: 1...64)
    let padding = try reader.attribute("pads", of: "ConvTranspose", default: 0, in: 0...4096)
    guard weight.shape.count == 3, weight.shape[0] == inputs, weight.shape[2] - 2 * padding == stride else {
      throw reader.unsupported("an upsampling layer of its vocoder has the shape \(weight.shape)")
    }
    let bias = try reader.host("bias", [weight.shape[1]])
    weight.scale(by: 1 / divisor)
    return (
      reader.weights.transposedConvolution("ups", weight, bias: bias, stride: stride, padding: padding),
      weight.shape[1], stride
    )
  }
}

/// Dilated convolutions around residuals, in one of HiFi-GAN's two forms.
struct ResidualBlock {
  static let slope: Float = 0.1

  /// Form 2 has one convolution a residual, form 1 two.
  private let steps: [[Convolution]]
  /// How far a sample hears to each side, in samples of this stage.
  let reach: Int

  init(_ reader: VITSReader, channels: Int) throws(TensorError) {
    let lists = reader["convs1"][0].contains("weight") ? ["convs1", "convs2"] : ["convs"]
    var steps: [[Convolution]] = []
    var reach = 0
    for index in 0..<reader[lists[0]].count(of: "weight") {
      var step: [Convolution] = []
      for list in lists {
        let module = reader[list][index]
        let dilation = try module.dilation()
        step.append(try module.convolution(from: channels, to: channels, dilation: dilation))
        reach += (try module.weightShape()[2] - 1) * dilation / 2
      }
      steps.append(step)
    }
    self.steps = steps
    self.reach = reach
  }

  func callAsFunction(_ input: Tensor) -> Tensor {
    steps.reduce(input) { input, step in
      let inner = step.dropLast().reduce(input) { $0.convolved($1, slope: Self.slope) }
      return step.last.map { inner.convolved($0, slope: Self.slope, adding: input) } ?? input
    }
  }
}

extension VITSReader {
  /// How many residual blocks a list has, in either form.
  fileprivate var countOfBlocks: Int { max(count(of: "convs.0.weight"), count(of: "convs1.0.weight")) }
}

/// Adds up how far a stack of convolutions reaches, in frames of its input.
private struct Reach {
  private(set) var rate = 1
  private var inFrames = 0.0

  var frames: Int { Int(inFrames.rounded(.up)) + 1 }

  mutating func add(samples: Int) { inFrames += Double(samples) / Double(rate) }

  mutating func add(taps: Int) { add(samples: taps / 2) }

  mutating func upsample(by factor: Int) {
    // A transposed convolution hears the input's neighbours.
    inFrames += 1 / Double(rate)
    rate *= factor
  }
}
