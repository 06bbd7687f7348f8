import Foundation
import Models
import Tensor
import Testing

@Suite("VITS from a damaged file")
struct VITSDamagedFileTests {
  /// Whether the voice spoke; what it throws otherwise must be a `TensorError`.
  private func speaks(_ bytes: Data, on backend: Backend) throws -> Bool {
    do {
      try DamagedVoice.speak(bytes, on: backend)
      return true
    } catch is TensorError {
      return false
    }
  }

  @Test("is refused when the file is cut anywhere")
  func truncated() throws {
    let (intact, backend) = (try DamagedVoice.intact, try Backend())
    #expect(try speaks(intact, on: backend))
    for part in 0..<200 {
      let length = intact.count * part / 200
      #expect(try !speaks(intact.prefix(length), on: backend), "cut to \(length) bytes")
    }
  }

  @Test("speaks or is refused, whichever byte is changed")
  func mutated() throws {
    let (intact, backend) = (try DamagedVoice.intact, try Backend())
    var places = GaussianNoise(seed: 1)
    for _ in 0..<300 {
      // The fractions of normal noise are spread evenly enough to pick bytes by.
      let picks = places.next(2, deviation: 1_000).map { $0 - $0.rounded(.down) }
      var bytes = intact
      bytes[Int(picks[0] * Float(bytes.count - 1))] = UInt8(picks[1] * 255)
      _ = try speaks(bytes, on: backend)
    }
  }

  @Test("names the file and the tensor that it misses")
  func missing() throws {
    var bytes = try DamagedVoice.intact
    let name = Data("enc_p.encoder.norm_layers_1.0.gamma".utf8)
    while let range = bytes.range(of: name) { bytes[range.lowerBound] = UInt8(ascii: "x") }
    let error = #expect(throws: TensorError.self) { try DamagedVoice.speak(bytes, on: Backend()) }
    guard case .missingTensor(let file, "enc_p.encoder.norm_layers_1.0.gamma") = error else {
      Issue.record("expected .missingTensor, got \(String(describing: error))")
      return
    }
    #expect(file.hasSuffix(".onnx"))
  }
}
