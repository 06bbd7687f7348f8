import Audio
import Testing

@testable import Chatterbox

@Suite("ChunkShaper")
struct ChunkShaperTests {
  private func shape(
    _ pieces: [[Float]], speed: Double = 1, rate: Int = 22_050, characters: Int = 20
  ) throws -> [Float] {
    let shaper = try ChunkShaper(modelRate: rate, outputRate: 24_000, speed: speed, characters: characters)
    return try pieces.flatMap { try shaper.process($0) } + shaper.finish()
  }

  private let speech = silence(8000) + StubModel.hum(seconds: 1) + silence(4000)

  @Test("silence at the ends goes, the rate becomes 24 kHz, the ends are zero")
  func shape() throws {
    let shaped = try shape([speech])
    #expect(abs(shaped.count - (24_000 + 240 + 720)) < 50)
    #expect(shaped.first == 0)
    #expect(shaped.last == 0)
    #expect(shaped.allSatisfy { abs($0) <= 1 })
  }

  @Test("how the model cuts its samples makes no difference", arguments: [0.5, 0.9, 1, 1.7, 2], [100, 3000])
  func piecewise(speed: Double, longest: Int) throws {
    let whole = try shape([speech], speed: speed)
    let cut = try shape(pieces(of: speech, upTo: longest), speed: speed)
    #expect(cut.count == whole.count)
    #expect(zip(cut, whole).allSatisfy { abs($0 - $1) < 0.001 })
  }

  @Test("speed changes the length by its inverse", arguments: [0.5, 0.75, 1.25, 2])
  func speed(_ speed: Double) throws {
    let ratio = Double(try shape([speech], speed: speed).count) / Double(try shape([speech]).count)
    #expect(abs(ratio * speed - 1) < 0.05)
  }

  @Test("a model that works at 24 kHz passes unchanged but for its ends")
  func equalRates() throws {
    let samples = noise(24_000, amplitude: 0.9)
    #expect(try shape([samples], rate: 24_000)[120..<23_880] == samples[120..<23_880])
  }

  @Test("what is a little too loud is clamped")
  func clamping() throws {
    let loud = StubModel.hum(seconds: 1, amplitude: 1.5)
    let shaped = try shape([loud])
    #expect(shaped.allSatisfy { abs($0) <= 1 })
    #expect(shaped.contains(1))
  }

  @Test("silence, damage and a length that no text has are withheld")
  func refusals() throws {
    #expect(throws: AudioCheckError.self) { try shape([silence(22_050)]) }
    #expect(throws: AudioCheckError.self) { try shape([]) }
    #expect(throws: AudioCheckError.self) { try shape([StubModel.hum(seconds: 1) + [.nan] + noise(9000)]) }
    #expect(throws: AudioCheckError.self) { try shape([StubModel.hum(seconds: 1, amplitude: 9)]) }
    #expect(throws: AudioCheckError.self) { try shape([StubModel.hum(seconds: 0.1)], characters: 200) }
    #expect(throws: AudioCheckError.self) { try shape([StubModel.hum(seconds: 60)], characters: 5) }
  }

  @Test("runaway speech is stopped while it is made, not at its end")
  func runaway() throws {
    let shaper = try ChunkShaper(modelRate: 22_050, outputRate: 24_000, speed: 1, characters: 3)
    #expect(throws: AudioCheckError.self) {
      for _ in 0..<60 { _ = try shaper.process(StubModel.hum(seconds: 1)) }
    }
  }
}
