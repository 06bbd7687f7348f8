internal import Foundation

/// The times at which the flow's velocity is asked for, from 0 to 1.
///
/// Source: `CausalConditionalCFM.forward` in the reference's `flow_matching.py`.
struct FlowSchedule {
  /// How far guidance goes beyond the voice's own velocity.
  static let guidance: Float = 0.7

  /// π as PyTorch rounds it; Swift's own is rounded towards zero.
  private static let pi = Float(Double.pi)

  /// Where each step starts and where the last one ends.
  let times: [Float]

  /// - Parameter isMeanFlow: takes equal steps; otherwise a cosine makes the first ones small.
  init(steps: Int, isMeanFlow: Bool) {
    // As torch.linspace rounds, which counts from the nearer end: a step's time is multiplied by a thousand.
    let spacing = 1 / Float(steps)
    times = (0...steps).map { index in
      let time = index < (steps + 1) / 2 ? spacing * Float(index) : 1 - spacing * Float(steps - index)
      return isMeanFlow ? time : 1 - cosf(time * 0.5 * Self.pi)
    }
  }

  var steps: [(start: Float, end: Float)] { Array(zip(times, times.dropFirst())) }
}
