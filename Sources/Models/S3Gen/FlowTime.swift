internal import Foundation
internal import Tensor

/// When in the flow a step is: its sinusoidal embedding [I, 1] → [C, 1].
///
/// Source: `SinusoidalPosEmb` and `TimestepEmbedding` in the reference's `matcha/decoder.py`; for mean flows,
/// which also take the time that a step ends at, `get_intmeanflow_time_mixer` in `utils/intmeanflow.py`.
struct FlowTime {
  private let first: Linear
  private let second: Linear
  private let mixer: Linear?
  var channels: Int { second.outputs }
  /// Elements of an embedding.
  var inputs: Int { first.inputs }
  var isMeanFlow: Bool { mixer != nil }

  init(_ reader: CheckpointReader, inputs: Int) throws(TensorError) {
    let mlp = reader["time_mlp"]
    let channels = try mlp["linear_1"].shape("weight").first ?? 0
    first = try mlp["linear_1"].linear(from: inputs, to: channels)
    second = try mlp["linear_2"].linear(from: channels, to: channels)
    let mixing = reader["time_embed_mixer"]
    mixer = mixing.contains("weight") ? try mixing.linear(from: 2 * channels, to: channels) : nil
  }

  /// - Parameter end: of the step; a mean flow's alone.
  func callAsFunction(_ start: Tensor, end: Tensor?) -> Tensor {
    let time = embedded(start)
    guard let mixer, let end else { return time }
    return time.concatenated(embedded(end), along: 0).linear(mixer)
  }

  private func embedded(_ time: Tensor) -> Tensor { time.linear(first).silu().linear(second) }

  /// A time's sines, then its cosines.
  func embedding(_ time: Float) -> [Float] {
    let half = inputs / 2
    let spacing = Float(log(10_000.0) / Double(half - 1))
    let angles = (0..<half).map { 1000 * time * expf(Float($0) * -spacing) }
    return angles.map(sinf) + angles.map(cosf)
  }
}
