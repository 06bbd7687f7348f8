internal import Foundation
package import Tensor

/// S3Gen's vocoder: mel frames → waveform at 24 kHz, 480 samples a frame.
///
/// Source: `HiFTGenerator` in the reference's `s3gen/hifigan.py`; Li et al., "HiFTNet", 2023.
///
/// Not `Sendable`: it belongs to one owner, who calls it from one thread at a time.
package final class HiFT {
  /// Elements of a mel frame.
  package static let melChannels = 80
  /// Samples of a mel frame.
  package static let hop = upsampling.reduce(SpectralHead.hop, *)
  private static let upsampling = [8, 5, 3]
  private static let blocksPerStage = 3
  private static let limit: Float = 0.99
  /// How many frames on each side a sample hears at most.
  static let context = 16

  private struct Stage {
    let upsampling: TransposedConvolution
    let sourceDown: Convolution
    let sourceBlock: SnakeBlock
    let blocks: [SnakeBlock]
  }

  private let backend: Backend
  let window: Int
  private let weights: Weights
  private let pitch: F0Predictor
  let source: HarmonicSource
  private let head: SpectralHead
  private let pre: Convolution
  private let stages: [Stage]
  private let post: Convolution
  private var pitchGraphs = GraphCache<Int>(capacity: 2)
  private var graphs = GraphCache<Int>(capacity: 3)

  /// Loads the vocoder onto a device.
  ///
  /// - Parameters:
  ///   - checkpoint: `s3gen` or `s3gen_meanflow`, of which it reads `mel2wav`.
  ///   - backend: where it runs.
  ///   - window: frames that are spoken at once.
  /// - Throws: ``TensorError`` when a tensor is missing, has a wrong shape, or does not fit the device.
  package init(
    _ checkpoint: Checkpoint, on backend: Backend, window: Int = 300
  ) throws(TensorError) {
    precondition(window > 0, "a window has at least one frame")
    self.backend = backend
    self.window = window
    weights = Weights(on: backend, capacity: 1024)
    let reader = CheckpointReader(checkpoint, into: weights)["mel2wav"]
    pitch = try F0Predictor(reader["f0_predictor"])
    source = try HarmonicSource(reader["m_source"])
    head = SpectralHead(weights)
    pre = try reader["conv_pre"].convolution()
    var stages: [Stage] = []
    for (index, stride) in Self.upsampling.enumerated() {
      stages.append(try Self.stage(reader, index, stride: stride))
    }
    self.stages = stages
    post = try reader["conv_post"].convolution()
    try weights.upload()
  }

  private static func stage(
    _ reader: CheckpointReader, _ index: Int, stride: Int
  ) throws(TensorError) -> Stage {
    let up = reader["ups"][index]
    let taps = try up.normedWeight().shape.last ?? 0
    guard taps >= stride, (taps - stride).isMultiple(of: 2) else {
      throw reader.unsupported("its upsampling \(index) has \(taps) taps")
    }
    let down = reader["source_downs"][index]
    let downTaps = try down.shape("weight").last ?? 0
    var blocks: [SnakeBlock] = []
    for block in index * blocksPerStage..<(index + 1) * blocksPerStage {
      blocks.append(try SnakeBlock(reader["resblocks"][block]))
    }
    return Stage(
      upsampling: try up.transposedConvolution(stride: stride, padding: (taps - stride) / 2),
      sourceDown: try down.convolution(
        downTaps == 1 ? .init() : .init(stride: downTaps / 2, padding: downTaps / 4)),
      sourceBlock: try SnakeBlock(reader["source_resblocks"][index]), blocks: blocks)
  }

  /// The waveform of mel frames, in windows so that memory does not grow with it.
  ///
  /// - Parameters:
  ///   - mel: rows of ``melChannels``.
  ///   - randomness: the source's phases and noise.
  /// - Throws: ``TensorError/deviceFailed(device:doing:)``.
  package func waveform(of mel: [Float], randomness: HiFTRandomness) throws(TensorError) -> [Float] {
    var stream = stream(randomness: randomness)
    return try next(mel, isLast: true, &stream)
  }

  /// The pitch of each mel frame, in Hz.
  package func f0(of mel: [Float]) throws(TensorError) -> [Float] {
    let frames = mel.count / Self.melChannels
    let graph = try pitchGraphs.graph(for: frames) { () throws(TensorError) -> Graph in
      try Graph(on: backend) { builder in
        builder.output("pitch", pitch(builder.input("mel", [Self.melChannels, frames])))
      }
    }
    graph.set("mel", mel)
    try graph.compute()
    return graph.floats("pitch")
  }

  /// The samples of mel frames and their source, as if there were none before and after.
  func decode(_ mel: [Float], _ source: [Float]) throws(TensorError) -> [Float] {
    let frames = mel.count / Self.melChannels
    let half = SpectralHead.length / 2
    let graph = try graphs.graph(for: frames) { () throws(TensorError) -> Graph in
      try Graph(on: backend) { builder in
        let mel = builder.input("mel", [Self.melChannels, frames])
        let source = builder.input("source", [1, source.count + 2 * half])
        builder.output("samples", network(mel, head.spectrum(source)))
      }
    }
    graph.set("mel", mel)
    graph.set("source", source.mirrored(by: half))
    try graph.compute()
    let overlapped = graph.floats("samples")
    let envelope = SpectralHead.envelope(frames: source.count / SpectralHead.hop + 1)
    return source.indices.map { index in
      min(max(overlapped[index + half] / envelope[index + half], -Self.limit), Self.limit)
    }
  }

  private func network(_ mel: Tensor, _ source: Tensor) -> Tensor {
    var hidden = mel.convolved(pre)
    for (index, stage) in stages.enumerated() {
      hidden = hidden.upsampled(stage.upsampling, slope: 0.1)
      if index == stages.count - 1 {
        // One frame more, as the spectrum has: the second mirrored before the first.
        hidden = hidden.slice(1, 1..<2).concatenated(hidden, along: 1)
      }
      let input = hidden + stage.sourceBlock(source.convolved(stage.sourceDown))
      let outputs = stage.blocks.map { $0(input) }
      hidden = outputs.dropFirst().reduce(outputs[0], +) * (1 / Float(outputs.count))
    }
    return head.samples(hidden.convolved(post, slope: 0.01))
  }
}
