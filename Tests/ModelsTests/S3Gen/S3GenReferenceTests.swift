import Models
import Testing

@Suite("S3Gen's reference")
struct S3GenReferenceTests {
  private static let voice = S3GenReference(
    promptTokens: Array(0..<100), promptMel: (0..<200 * 80).map { Float($0 / 80) }, speakerEmbedding: [1, 2])

  @Test("a shortened prompt is the end of it, two rows of its mel a token")
  func shortened() {
    let shorter = Self.voice.shortened(to: 1.5)
    #expect(shorter.promptTokens == Array(62..<100))
    #expect(shorter.promptMel.count == 2 * 38 * 80)
    #expect(shorter.promptMel.first == 124 && shorter.promptMel.last == 199)
    #expect(shorter.speakerEmbedding == [1, 2])
  }

  @Test("a mel that is a row longer or shorter than its tokens stays so", arguments: [-1, 1])
  func uneven(rows: Int) {
    var voice = Self.voice
    voice.promptMel = (0..<(200 + rows) * 80).map { Float($0 / 80) }
    let shorter = voice.shortened(to: 2)
    #expect(shorter.promptTokens.count == 50 && shorter.promptMel.count == (100 + rows) * 80)
    #expect(shorter.promptMel.first == 100)
  }

  @Test("lengths that leave all or nothing", arguments: [4, 100, .infinity, .nan])
  func whole(seconds: Double) {
    #expect(Self.voice.shortened(to: seconds) == Self.voice)
    #expect(Self.voice.shortened(to: -seconds).promptTokens.count == (seconds.isNaN ? 100 : 0))
  }

  @Test("no prompt leaves no row behind")
  func none() {
    var voice = Self.voice
    voice.promptMel += [Float](repeating: 1, count: 80)
    #expect(voice.shortened(to: 0).promptMel == [])
    #expect(voice.shortened(to: 0).shortened(to: 3).promptTokens == [])
  }
}
