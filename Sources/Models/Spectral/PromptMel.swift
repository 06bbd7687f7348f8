internal import Foundation
package import Tensor

/// The mel spectrum in which S3Gen is shown a voice: 24 kHz, 50 frames a second, 80 bins to 8 kHz.
///
/// Source: `mel_spectrogram` in the reference's `s3gen/utils/mel.py`.
///
/// Not `Sendable`: it belongs to one owner, as its backend does.
package final class PromptMel {
  /// Elements of a frame.
  package static let channels = 80
  /// Samples a second.
  package static let sampleRate = 24_000
  private static let length = 1920
  private static let hop = 480

  private let spectrum: MelSpectrum

  /// - Throws: ``TensorError/deviceFailed(device:doing:)``.
  package init(on backend: Backend) throws(TensorError) {
    let filters = MelFilters.slaney(
      count: Self.channels, rate: Double(Self.sampleRate), length: Self.length, top: 8000)
    let basis = FourierBasis(window: Window.hann(Self.length), length: Self.length, bins: filters.bins)
    spectrum = try MelSpectrum(
      basis, filters, hop: Self.hop, measure: .magnitude(floor: 1e-9), on: backend)
  }

  /// The frames of `samples` at 24 kHz: logarithms, rows of ``channels``, one for every whole 20 ms.
  ///
  /// - Throws: ``TensorError/deviceFailed(device:doing:)``.
  package func frames(of samples: [Float]) throws(TensorError) -> [Float] {
    guard samples.count >= Self.hop else { return [] }
    return try spectrum.energies(of: samples.mirrored(by: (Self.length - Self.hop) / 2))
      .map { log(max($0, 1e-5)) }
  }
}
