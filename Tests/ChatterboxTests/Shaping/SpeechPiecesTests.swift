import Testing
import Text

@testable import Chatterbox

@Suite("SpeechPieces")
struct SpeechPiecesTests {
  private typealias Content = SpeechPieces.Piece.Content

  private func contents(_ text: String, speed: Double = 1) throws -> [Content] {
    SpeechPieces(try .plain(text, speed: speed)).map(\.content)
  }

  private let long = String(repeating: "A sentence of eight words is spoken here. ", count: 200)

  @Test("pauses stand between what they part, and adjacent ones stay two")
  func pauses() throws {
    #expect(
      try contents("[pause 1s] One. [pause 400ms] [pause 2s] Two. [pause]") == [
        .pause(seconds: 1), .speech("One."), .pause(seconds: 0.4), .pause(seconds: 2), .speech("Two."),
        .pause(seconds: 0.5),
      ])
  }

  @Test("a quick speaker breathes quickly, but a pause that was asked for is exact", arguments: [0.5, 1, 2])
  func breath(speed: Double) throws {
    let text = String(repeating: "a ", count: 95) + ". Next paragraph.\n\nLast. [pause 400ms] End."
    let pauses = try contents(text, speed: speed).compactMap { content in
      if case .pause(let seconds) = content { seconds } else { nil }
    }
    #expect(pauses.last == 0.4)
    #expect(pauses.dropLast().contains(TextChunk.Boundary.paragraph.pause / speed))
  }

  @Test(
    "progress never falls, and the last piece ends at 1",
    arguments: [
      "One.", "[pause 1s] One.", "One. [pause 1s]", "One. [pause 1s] ... [pause 1s]",
      "[pause 1s] One. [pause 1s] Two!",
    ])
  func progress(_ text: String) throws {
    for text in [text, long + text, text + long] {
      let progress = SpeechPieces(try .plain(text)).map(\.progress)
      #expect(progress == progress.sorted())
      #expect(progress.allSatisfy { (0...1).contains($0) })
      #expect(progress.last == 1)
    }
  }

  @Test("every word is spoken once, in order")
  func words() throws {
    let spoken = try contents(long).compactMap { if case .speech(let text) = $0 { text } else { nil } }
    #expect(spoken.count > 20)
    #expect(
      spoken.flatMap { $0.split(separator: " ") } == long.split(separator: " "))
  }

  @Test("stretches without a letter are passed over")
  func marksOnly() throws {
    #expect(
      try contents("One. [pause 1s] ... !? [pause 2s] Two.") == [
        .speech("One."), .pause(seconds: 1), .pause(seconds: 2), .speech("Two."),
      ])
  }
}
