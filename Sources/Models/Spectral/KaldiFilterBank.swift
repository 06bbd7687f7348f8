internal import Foundation
package import Tensor

/// Kaldi's filter bank features, which the speaker encoder reads: 16 kHz, 100 frames a second, 80 bins.
///
/// Source: `fbank` of torchaudio's `compliance/kaldi.py` with its defaults; `extract_feature` in the
/// reference's `xvector.py`.
///
/// Not `Sendable`: it belongs to one owner, as its backend does.
package final class KaldiFilterBank {
  /// Elements of a frame.
  package static let channels = 80
  /// Samples of a frame.
  static let window = 400
  /// Samples from one frame to the next.
  static let hop = 160
  private static let length = 512

  private let spectrum: MelSpectrum

  /// - Throws: ``TensorError/deviceFailed(device:doing:)``.
  package init(on backend: Backend) throws(TensorError) {
    let filters = MelFilters.kaldi(count: Self.channels, rate: 16_000, length: Self.length)
    var basis = FourierBasis(window: Window.povey(Self.window), length: Self.length, bins: filters.bins)
    basis.preemphasize(0.97)
    basis.removeMean()
    spectrum = try MelSpectrum(basis, filters, hop: Self.hop, measure: .power, on: backend)
  }

  /// The frames of `samples` at 16 kHz that lie wholly within them: logarithms less their mean over time,
  /// rows of ``channels``.
  ///
  /// - Throws: ``TensorError/deviceFailed(device:doing:)``.
  package func frames(of samples: [Float]) throws(TensorError) -> [Float] {
    var frames = try spectrum.energies(of: samples).map { log(max($0, .ulpOfOne)) }
    let count = frames.count / Self.channels
    for channel in 0..<Self.channels {
      let places = stride(from: channel, to: frames.count, by: Self.channels)
      let mean = Float(places.reduce(0.0) { $0 + Double(frames[$1]) } / Double(count))
      for place in places { frames[place] -= mean }
    }
    return frames
  }
}
