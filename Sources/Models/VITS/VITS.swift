internal import Foundation
public import Tensor

/// How a VITS voice speaks: the noise it draws and its pace.
public struct VITSOptions: Hashable, Sendable {
  /// The deviation of the latent noise; Piper's `noise_scale`.
  public var noiseScale: Float
  /// The deviation of the durations' noise; Piper's `noise_w`.
  public var durationNoiseScale: Float
  /// Above 1 slower, below 1 faster; Piper's `length_scale`.
  public var lengthScale: Float
  /// Which of a voice's speakers, from 0.
  public var speaker: Int

  /// Creates options; the defaults are Piper's.
  public init(
    noiseScale: Float = 0.667, durationNoiseScale: Float = 0.8, lengthScale: Float = 1, speaker: Int = 0
  ) {
    self.noiseScale = noiseScale
    self.durationNoiseScale = durationNoiseScale
    self.lengthScale = lengthScale
    self.speaker = speaker
  }
}

/// A VITS voice: phoneme ids → waveform, without any text processing.
///
/// Source: Kim et al., "Conditional Variational Autoencoder with Adversarial Learning for End-to-End
/// Text-to-Speech", 2021; weights in the layout of Piper's ONNX exports.
///
/// Not `Sendable`: a voice belongs to one owner, who calls it from one thread at a time.
public final class VITS {
  /// Samples a latent frame.
  public var hop: Int { decoder.hop }
  /// How many phoneme ids the voice knows.
  public var vocabulary: Int { encoder.vocabulary }
  /// How many speakers the voice has.
  public let speakers: Int

  private let backend: Backend
  private let weights: Weights
  private let encoder: TextEncoder
  private let durationPredictor: StochasticDurationPredictor
  private let flow: ResidualCoupling
  private let decoder: HiFiGAN
  private let speakerTable: Tensor?

  // Sentences have lengths of their own, so only a few of their graphs are worth their memory.
  private var encoderGraphs = GraphCache<Int>(capacity: 2)
  private var flowGraphs = GraphCache<Int>(capacity: 2)
  private var decoderGraphs = GraphCache<Int>(capacity: 2)

  /// Loads a voice onto a device.
  ///
  /// - Throws: ``TensorError`` when a tensor is missing, has a wrong shape, or does not fit the device.
  public init(_ file: ONNXFile, on backend: Backend) throws(TensorError) {
    self.backend = backend
    weights = Weights(on: backend, capacity: 4096)
    let reader = VITSReader(file, into: weights)
    var speakerChannels = 0
    if file.contains("emb_g.weight") {
      let table = try file.tensor("emb_g.weight")
      guard table.shape.count == 2 else { throw reader.unsupported("its speaker embedding is not a table") }
      (speakers, speakerChannels) = (table.shape[0], table.shape[1])
      speakerTable = weights.add("emb_g.weight", shape: [speakerChannels, speakers], table.values)
    } else {
      (speakers, speakerTable) = (1, nil)
    }
    encoder = try TextEncoder(reader["enc_p"])
    durationPredictor = try StochasticDurationPredictor(
      reader["dp"], channels: encoder.hiddenChannels, speakerChannels: speakerChannels)
    flow = try ResidualCoupling(
      reader["flow"], channels: encoder.latentChannels, speakerChannels: speakerChannels)
    decoder = try HiFiGAN(
      reader["dec"], channels: encoder.latentChannels, speakerChannels: speakerChannels)
    try weights.upload()
  }

  /// The bytes that the weights take on the device.
  public var weightBytes: Int { weights.byteCount }

  /// Prepares an utterance: everything but the waveform, which ``next(_:)`` makes window by window.
  ///
  /// - Parameters:
  ///   - phonemes: ids below ``vocabulary``, at least one.
  ///   - options: noise, pace and speaker.
  ///   - seed: makes the noise reproducible.
  /// - Throws: ``TensorError/deviceFailed(device:doing:)``.
  public func utterance(
    _ phonemes: [Int32], _ options: VITSOptions = .init(), seed: UInt64
  ) throws(TensorError) -> VITSUtterance {
    precondition(!phonemes.isEmpty && phonemes.allSatisfy { (0..<Int32(vocabulary)).contains($0) })
    precondition((0..<speakers).contains(options.speaker))
    var noise = GaussianNoise(seed: seed)
    let prior = try prior(phonemes, options, &noise)
    let durations = prior.logDurations.map { logDuration in
      frames(logDuration, lengthScale: options.lengthScale)
    }
    let sample = sample(prior, durations: durations, noiseScale: options.noiseScale, &noise)
    let frameCount = sample.count / encoder.latentChannels
    let graph = try flowGraphs.graph(for: frameCount) { () throws(TensorError) -> Graph in
      try Graph(on: backend) { builder in
        let sample = builder.input("sample", [encoder.latentChannels, frameCount])
        builder.output("latent", flow.inverse(sample, speaker: speaker(builder)))
      }
    }
    graph.set("sample", sample)
    setSpeaker(options.speaker, in: graph)
    try graph.compute()
    return VITSUtterance(
      latent: graph.floats("latent"), frameCount: frameCount, speaker: options.speaker,
      durations: durations)
  }

  /// The next window of an utterance's waveform, or `nil` at its end.
  ///
  /// - Throws: ``TensorError/deviceFailed(device:doing:)``.
  public func next(_ utterance: inout VITSUtterance) throws(TensorError) -> [Float]? {
    guard let window = utterance.nextWindow(context: decoder.contextFrames) else { return nil }
    let channels = encoder.latentChannels
    let graph = try decoderGraphs.graph(for: window.input.count) { () throws(TensorError) -> Graph in
      try Graph(on: backend) { builder in
        let latent = builder.input("latent", [channels, window.input.count])
        builder.output("waveform", decoder(latent, speaker: speaker(builder)))
      }
    }
    graph.set(
      "latent",
      Array(utterance.latent[window.input.lowerBound * channels..<window.input.upperBound * channels]))
    setSpeaker(utterance.speaker, in: graph)
    try graph.compute()
    let waveform = graph.floats("waveform")
    let first = (window.output.lowerBound - window.input.lowerBound) * hop
    return Array(waveform[first..<first + window.output.count * hop])
  }

  private struct Prior {
    var logDurations: [Float]
    var mean: [Float]
    var logDeviation: [Float]
  }

  private func prior(
    _ phonemes: [Int32], _ options: VITSOptions, _ noise: inout GaussianNoise
  ) throws(TensorError) -> Prior {
    let length = phonemes.count
    let graph = try encoderGraphs.graph(for: length) { () throws(TensorError) -> Graph in
      try Graph(on: backend) { builder in
        let (hidden, mean, logDeviation) = encoder(builder.input("phonemes", [length], type: .int32))
        let noise = (builder.input("noise.0", [1, length]), builder.input("noise.1", [1, length]))
        builder.output(
          "logDurations", durationPredictor(hidden, noise: noise, speaker: speaker(builder)))
        builder.output("mean", mean)
        builder.output("logDeviation", logDeviation)
      }
    }
    graph.set("phonemes", phonemes)
    graph.set("noise.0", noise.next(length, deviation: options.durationNoiseScale))
    graph.set("noise.1", noise.next(length, deviation: options.durationNoiseScale))
    setSpeaker(options.speaker, in: graph)
    try graph.compute()
    return Prior(
      logDurations: graph.floats("logDurations"), mean: graph.floats("mean"),
      logDeviation: graph.floats("logDeviation"))
  }

  /// A phoneme's frames. A damaged voice's infinite durations are held to a few seconds.
  private func frames(_ logDuration: Float, lengthScale: Float) -> Int {
    let frames = (expf(logDuration) * lengthScale).rounded(.up)
    return frames.isNaN ? 0 : Int(min(max(frames, 0), 512))
  }

  /// The prior of every phoneme repeated for its frames, with noise: [C, F].
  private func sample(
    _ prior: Prior, durations: [Int], noiseScale: Float, _ noise: inout GaussianNoise
  ) -> [Float] {
    let channels = encoder.latentChannels
    var sample: [Float] = []
    sample.reserveCapacity(max(1, durations.reduce(0, +)) * channels)
    for (phoneme, duration) in durations.enumerated() where duration > 0 {
      let row = phoneme * channels..<(phoneme + 1) * channels
      for _ in 0..<duration {
        let values = noise.next(channels, deviation: noiseScale)
        for (index, value) in zip(row, values) {
          sample.append(prior.mean[index] + value * (value == 0 ? 0 : expf(prior.logDeviation[index])))
        }
      }
    }
    // The reference makes at least one frame.
    return sample.isEmpty ? Array(prior.mean.prefix(channels)) : sample
  }

  private func speaker(_ builder: GraphBuilder) -> Tensor? {
    speakerTable.map { builder.input("speaker", [1], type: .int32).rows(of: $0) }
  }

  private func setSpeaker(_ speaker: Int, in graph: Graph) {
    if speakerTable != nil { graph.set("speaker", [Int32(speaker)]) }
  }
}
