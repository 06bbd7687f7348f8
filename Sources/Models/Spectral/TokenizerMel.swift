internal import Foundation
package import Tensor

/// The mel spectrum that the speech tokenizer reads: 16 kHz, 100 frames a second, 128 bins.
///
/// Source: `S3Tokenizer.log_mel_spectrogram` in the reference's `s3tokenizer.py`.
///
/// Not `Sendable`: it belongs to one owner, as its backend does.
package final class TokenizerMel {
  /// Elements of a frame.
  package static let channels = 128
  private static let length = 400
  private static let hop = 160

  private let spectrum: MelSpectrum

  /// - Throws: ``TensorError/deviceFailed(device:doing:)``.
  package init(on backend: Backend) throws(TensorError) {
    let filters = MelFilters.slaney(
      count: Self.channels, rate: 16_000, length: Self.length, top: 8000)
    let basis = FourierBasis(window: Window.hann(Self.length), length: Self.length, bins: filters.bins)
    spectrum = try MelSpectrum(basis, filters, hop: Self.hop, measure: .power, on: backend)
  }

  /// The frames of `samples` at 16 kHz, rows of ``channels``, one for every whole 10 ms.
  ///
  /// They are logarithms relative to the loudest of all of them: at most 80 dB below it.
  ///
  /// - Throws: ``TensorError/deviceFailed(device:doing:)``.
  package func frames(of samples: [Float]) throws(TensorError) -> [Float] {
    let count = samples.count / Self.hop
    guard count > 0 else { return [] }
    // The last frame, centred on what follows the samples, is left out.
    let energies = try spectrum.energies(of: samples.mirrored(by: Self.length / 2))
      .prefix(count * Self.channels)
    let logarithms = energies.map { log10(max($0, 1e-10)) }
    let floor = (logarithms.max() ?? 0) - 8
    return logarithms.map { (max($0, floor) + 4) / 4 }
  }
}
