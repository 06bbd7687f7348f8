package import Tensor
package enum HiFTRandomness { case seed(UInt64) }
package final class HiFT { package init(_ c: Checkpoint, on: Backend) throws(TensorError) {}
  package func waveform(of mel: [Float], randomness: HiFTRandomness) throws(TensorError) -> [Float] { [] } }
package enum TrimFade { package static func applied(to s: [Float]) -> [Float] { s } }
package final class VoiceEncoder { package init(_ c: Checkpoint, on: Backend) throws(TensorError) {}
  package func embedding(of s: [Float]) throws(TensorError) -> [Float] { [] } }
