internal import Foundation

/// Triangles over a spectrum's frequencies, evenly spaced on the mel scale, a row each.
struct MelFilters {
  /// A weight for every frequency of the spectrum, a row a filter. Frequencies that no filter wants are cut.
  let rows: [[Double]]
  /// Frequencies that are wanted, from 0 up.
  let bins: Int

  private init(_ rows: [[Double]]) {
    let bins = rows.map { row in (row.lastIndex { $0 > 0 } ?? 0) + 1 }.max() ?? 0
    (self.rows, self.bins) = (rows.map { Array($0.prefix(bins)) }, bins)
  }

  /// Slaney's scale, linear below 1 kHz, with filters of equal area.
  ///
  /// Source: Slaney, "Auditory Toolbox", 1998; `librosa.filters.mel`.
  ///
  /// - Parameters:
  ///   - count: filters.
  ///   - rate: samples a second.
  ///   - length: the transform's points.
  ///   - top: the highest frequency, in Hz.
  static func slaney(count: Int, rate: Double, length: Int, top: Double) -> MelFilters {
    let edges = (0..<count + 2).map { slaneyFrequency(slaneyMel(top) * Double($0) / Double(count + 1)) }
    let rows = (0..<count).map { filter in
      let (low, centre, high) = (edges[filter], edges[filter + 1], edges[filter + 2])
      return (0...length / 2).map { bin in
        let frequency = Double(bin) * rate / Double(length)
        let height = min((frequency - low) / (centre - low), (high - frequency) / (high - centre))
        return max(0, height) * 2 / (high - low)
      }
    }
    return MelFilters(rows)
  }

  /// Kaldi's scale and filters: triangles on the mel scale itself, of equal height, from 20 Hz up.
  ///
  /// Source: `get_mel_banks` of torchaudio's `compliance/kaldi.py`.
  static func kaldi(count: Int, rate: Double, length: Int) -> MelFilters {
    let mel = { (frequency: Double) in 1127 * log(1 + frequency / 700) }
    let (low, high) = (mel(20), mel(rate / 2))
    let step = (high - low) / Double(count + 1)
    let rows = (0..<count).map { filter in
      let left = low + Double(filter) * step
      return (0..<length / 2).map { bin in
        let place = (mel(Double(bin) * rate / Double(length)) - left) / step
        return max(0, min(place, 2 - place))
      }
    }
    return MelFilters(rows)
  }

  private static let linearStep = 200.0 / 3
  private static let corner = 1000.0
  private static let logStep = log(6.4) / 27

  private static func slaneyMel(_ frequency: Double) -> Double {
    frequency < corner
      ? frequency / linearStep : corner / linearStep + log(frequency / corner) / logStep
  }

  private static func slaneyFrequency(_ mel: Double) -> Double {
    mel < corner / linearStep
      ? mel * linearStep : corner * exp(logStep * (mel - corner / linearStep))
  }
}
