internal import Foundation

/// The times at which the flow's velocity is asked for, from 0 to 1.
///
/// Source: `CausalConditionalCFM.forward` in the reference's `flow_matching.py`.
struct FlowSchedule {
  /// How far guidance goes beyond the voice's own velocity.
  static let guidance: Float = 0.7

  /// Where each step starts and where the last one ends.
  let times: [Float]

  /// - Parameter isMeanFlow: takes equal steps; otherwise a cosine makes the first ones small.
  init(steps: Int, isMeanFlow: Bool) {
    times = (0...steps).map { index in
      let time = Float(index) / Float(steps)
      return isMeanFlow ? time : 1 - cosf(time * 0.5 * .pi)
    }
  }

  var steps: [(start: Float, end: Float)] { Array(zip(times, times.dropFirst())) }
}
