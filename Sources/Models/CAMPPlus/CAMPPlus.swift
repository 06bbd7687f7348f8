package import Tensor

/// Speech → the x-vector by which S3Gen knows a speaker.
///
/// Source: Wang et al., "CAM++: A Fast and Efficient Network for Speaker Verification Using Context-Aware
/// Masking", 2023; `CAMPPlus` in the reference's `xvector.py`.
///
/// Not `Sendable`: it belongs to one owner, who calls it from one thread at a time.
package final class CAMPPlus {
  /// Samples a second that it reads.
  package static let sampleRate = 16_000
  /// The fewest samples that have a deviation: two rows, of two frames each.
  private static let fewestSamples = KaldiFilterBank.window + 2 * KaldiFilterBank.hop

  /// Elements of an x-vector.
  package let channels: Int

  private let backend: Backend
  private let weights: Weights
  private let filterBank: KaldiFilterBank
  private let head: CAMPPlusHead
  private let first: Convolution
  private let blocks: [CAMPPlusBlock]
  private let norm: NormalizedReLU
  private let last: Convolution

  /// Loads the speaker encoder of a checkpoint onto a device.
  ///
  /// - Parameters:
  ///   - checkpoint: `s3gen` or `s3gen_meanflow`, under whose key `speaker_encoder` it lies.
  ///   - backend: where it runs.
  /// - Throws: ``TensorError`` when a tensor is missing, has a wrong shape, or does not fit the device.
  package init(_ checkpoint: Checkpoint, on backend: Backend) throws(TensorError) {
    self.backend = backend
    weights = Weights(on: backend, capacity: Self.tensors(checkpoint, on: backend))
    let reader = CheckpointReader(checkpoint, into: weights)["speaker_encoder"]
    head = try CAMPPlusHead(reader["head"])
    let vector = reader["xvector"]
    var channels = try vector["tdnn"]["linear"].outputs()
    let firstNorm = try BatchNormalization(vector["tdnn"]["nonlinear"]["batchnorm"], channels)
    first = try vector["tdnn"]["linear"].convolution(
      from: head.outputs, to: channels, taps: 5, ConvolutionOptions(stride: 2, padding: 2),
      fold: { firstNorm.fold(into: &$0, &$1) })
    var blocks: [CAMPPlusBlock] = []
    for number in 1...3 {
      let block = try CAMPPlusBlock(vector, number, from: channels)
      blocks.append(block)
      channels = block.outputs
    }
    self.blocks = blocks
    norm = try NormalizedReLU(vector["out_nonlinear"], channels)
    let dense = vector["dense"]
    self.channels = try dense["linear"].outputs()
    let lastNorm = try BatchNormalization(dense["nonlinear"]["batchnorm"], self.channels)
    last = try dense["linear"].convolution(
      from: 2 * channels, to: self.channels, taps: 1, fold: { lastNorm.fold(into: &$0, &$1) })
    try weights.upload()
    filterBank = try KaldiFilterBank(on: backend)
  }

  /// The x-vector of `samples` at 16 kHz, of ``channels`` elements.
  ///
  /// Less than 45 ms is lengthened with silence to that, where the reference fails. The reference gives it at
  /// most 10 s; all of the samples are in memory at once, some 5 MB a second.
  ///
  /// - Throws: ``TensorError/deviceFailed(device:doing:)``.
  package func embedding(of samples: [Float]) throws(TensorError) -> [Float] {
    let silence = [Float](repeating: 0, count: max(0, Self.fewestSamples - samples.count))
    let frames = try filterBank.frames(of: samples + silence)
    let count = frames.count / KaldiFilterBank.channels
    let rows = (count + 1) / 2
    let graph = try Graph(on: backend) { builder in
      let segments = Segments(builder, rows: rows)
      var hidden = head(builder.input("frames", [KaldiFilterBank.channels, count]))
        .convolved(first).relu()
      for block in blocks { hidden = block(hidden, segments) }
      builder.output("embedding", statistics(of: norm(hidden)).convolved(last))
    }
    graph.set("frames", frames)
    Segments.place(graph, rows: rows)
    try graph.compute()
    return graph.floats("embedding")
  }

  /// The bytes that the weights take on the device.
  package var weightBytes: Int { weights.byteCount }

  /// Every channel's mean and then its deviation over time: [C, T] → [2C, 1].
  private func statistics(of rows: Tensor) -> Tensor {
    let (channels, count) = (rows.size(0), rows.size(1))
    let series = rows.permuted([1, 0]).contiguous()
    let mean = series.sumOfRows() * (1 / Float(count))
    let deviation = ((series - mean).squared().sumOfRows() * (1 / Float(count - 1))).squareRoot()
    return mean.concatenated(deviation, along: 1).reshaped([2 * channels, 1])
  }

  /// The most weights that a checkpoint's network declares.
  private static func tensors(_ checkpoint: Checkpoint, on backend: Backend) -> Int {
    let reader = CheckpointReader(checkpoint, into: Weights(on: backend, capacity: 0))
    let layers = (1...3).reduce(0) {
      $0 + CAMPPlusBlock.layers(reader["speaker_encoder"]["xvector"], $1)
    }
    return CAMPPlusHead.tensors + CAMPPlusBlock.Layer.tensors * layers + 32
  }
}
