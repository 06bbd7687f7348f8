internal import Foundation

/// The rows that a frame of samples is multiplied with to give its spectrum: all of a short-time Fourier
/// transform that is linear, in one matrix.
struct FourierBasis {
  /// Samples of a frame.
  let samples: Int
  /// Frequencies, from 0 up.
  let bins: Int
  /// A row of `samples` elements for the cosine of every frequency, and then one for every sine.
  private(set) var rows: [[Double]]

  /// - Parameters:
  ///   - window: what a frame is multiplied with first.
  ///   - length: the transform's points; frames are padded with zeros to it.
  ///   - bins: how many frequencies are wanted.
  init(window: [Double], length: Int, bins: Int) {
    (samples, self.bins) = (window.count, bins)
    // A frequency's angles are whole multiples of the first's, and so repeat after `length`.
    let angles = (0..<length).map { 2 * Double.pi * Double($0) / Double(length) }
    let (cosines, sines) = (angles.map(cos), angles.map(sin))
    rows = [cosines, sines].flatMap { table in
      (0..<bins).map { bin in window.indices.map { window[$0] * table[bin * $0 % length] } }
    }
  }

  /// Puts a first-order high pass before the window: every sample less `factor` times the one before it, the
  /// frame's first less itself.
  mutating func preemphasize(_ factor: Double) {
    for row in rows.indices {
      let plain = rows[row]
      for sample in 0..<samples {
        rows[row][sample] -= sample + 1 < samples ? factor * plain[sample + 1] : 0
      }
      rows[row][0] -= factor * plain[0]
    }
  }

  /// Subtracts a frame's mean from it, before anything else.
  mutating func removeMean() {
    for row in rows.indices {
      let mean = rows[row].reduce(0, +) / Double(samples)
      for sample in 0..<samples { rows[row][sample] -= mean }
    }
  }
}

/// The windows of the reference's spectra.
enum Window {
  /// A period of Hann's window, as `torch.hann_window` makes it.
  static func hann(_ count: Int) -> [Double] {
    (0..<count).map { 0.5 - 0.5 * cos(2 * Double.pi * Double($0) / Double(count)) }
  }

  /// Povey's window: Hann's, zero at both ends, to the power of 0.85.
  ///
  /// Source: `feature-window.cc` of Kaldi.
  static func povey(_ count: Int) -> [Double] {
    (0..<count).map { pow(0.5 - 0.5 * cos(2 * Double.pi * Double($0) / Double(count - 1)), 0.85) }
  }
}
