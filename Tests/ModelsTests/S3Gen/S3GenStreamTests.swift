import Models
import Tensor
import Testing

@Suite("S3Gen's stream")
struct S3GenStreamTests {
  private static let tokens = (0..<20).map { Int32($0 * 313) }

  /// The mel of tokens that come in parts of given sizes.
  private func mel(
    _ generator: S3Gen, _ voice: S3GenReference, parts: [Int], noise: S3GenNoise = .seed(3),
    pastTokens: Int = 250
  ) throws -> [[Float]] {
    var stream = try generator.stream(voice: voice, noise: noise, pastTokens: pastTokens)
    var left = Self.tokens[...]
    return try parts.enumerated().map { index, size in
      defer { left = left.dropFirst(size) }
      return try generator.next(Array(left.prefix(size)), isLast: index == parts.count - 1, &stream)
    }
  }

  @Test(
    "all tokens in one call make the mel of the whole, to the last bit", arguments: ["standard", "turbo"])
  func oneCall(model: String) throws {
    let generator = try S3GenGolden.smallModel(model)
    let voice = try S3GenGolden.voice()
    let whole = try generator.mel(of: Self.tokens, voice: voice, noise: .seed(3))
    #expect(try mel(generator, voice, parts: [20]) == [whole])
    // Tokens that come first without a call that computes change nothing.
    #expect(try mel(generator, voice, parts: [2, 18]).joined().elementsEqual(whole))
  }

  @Test("calls return every frame once, three tokens behind until the last; too few tokens return none")
  func frames() throws {
    let generator = try S3GenGolden.smallModel("turbo")
    let voice = try S3GenGolden.voice()
    let row = 2 * generator.melChannels
    #expect(
      try mel(generator, voice, parts: [3, 1, 5, 2, 9]).map(\.count) == [0, row, 5 * row, 2 * row, 12 * row])
    #expect(try mel(generator, voice, parts: [20, 0]).map(\.count) == [17 * row, 3 * row])
    #expect(try mel(generator, voice, parts: [10, 10], pastTokens: 0).map(\.count) == [7 * row, 13 * row])
  }

  @Test("a stream comes close to the whole, and exactly where it ends, having seen all of it")
  func closeness() throws {
    let generator = try S3GenGolden.smallModel("turbo")
    let voice = try S3GenGolden.voice()
    let whole = try generator.mel(of: Self.tokens, voice: voice, noise: .seed(3))
    let parts = try mel(generator, voice, parts: [8, 6, 6])
    #expect(parts.last.map { $0.elementsEqual(whole.suffix($0.count)) } == true)
    let error = largestError(Array(parts.joined()), whole)
    // Other noise would be as far from it as any two mels are.
    #expect(error > 0 && error < 0.1, "\(error)")
    let other = try generator.mel(of: Self.tokens, voice: voice, noise: .seed(4))
    #expect(largestError(other, whole) > 0.3)
  }

  @Test("a frame's noise is its own, whatever is asked for first: values and a seed alike")
  func noise() throws {
    let generator = try S3GenGolden.smallModel("turbo")
    let voice = try S3GenGolden.voice()
    var gaussian = GaussianNoise(seed: 3)
    let values = gaussian.next(80 * 2 * (voice.promptTokens.count + Self.tokens.count))
    for pastTokens in [250, 2] {
      let seeded = try mel(generator, voice, parts: [8, 6, 6], pastTokens: pastTokens)
      #expect(
        try mel(generator, voice, parts: [8, 6, 6], noise: .values(values), pastTokens: pastTokens) == seeded)
    }
    #expect(throws: S3GenError.self) {
      try mel(generator, voice, parts: [8, 12], noise: .values(Array(values.dropLast())))
    }
  }

  @Test("a text that is long past is not seen again")
  func pastTokens() throws {
    let generator = try S3GenGolden.smallModel("turbo")
    let voice = try S3GenGolden.voice()
    let all = try mel(generator, voice, parts: [8, 6, 6])
    // Five tokens are spoken after the first call, eleven after the second.
    let (bounded, ample) = (
      try mel(generator, voice, parts: [8, 6, 6], pastTokens: 5),
      try mel(generator, voice, parts: [8, 6, 6], pastTokens: 11)
    )
    #expect(ample == all)
    #expect(bounded[0] == all[0] && bounded[1] == all[1] && bounded[2] != all[2])
    #expect(largestError(bounded[2], all[2]) < 0.2)
  }

  @Test("a prompt whose mel is a row longer or shorter than its tokens loses no frame")
  func unevenPrompt() throws {
    let generator = try S3GenGolden.smallModel("turbo")
    for rows in [-1, 1] {
      var voice = try S3GenGolden.voice()
      voice.promptMel =
        rows < 0 ? voice.promptMel.dropLast(80) : voice.promptMel + [Float](repeating: -5, count: 80)
      let whole = try generator.mel(of: Self.tokens, voice: voice, noise: .seed(3))
      #expect(whole.count == 80 * (40 - rows))
      for pastTokens in [250, 3, 0] {
        let parts = try mel(generator, voice, parts: [3, 5, 6, 6], pastTokens: pastTokens)
        #expect(parts.joined().count == whole.count)
      }
    }
  }

  @Test("what a stream cannot take is an error: strange tokens, more after the last, none at all, no steps")
  func badInput() throws {
    let generator = try S3GenGolden.smallModel("turbo")
    var voice = try S3GenGolden.voice()
    var stream = try generator.stream(voice: voice, noise: .seed(1))
    #expect(throws: S3GenError.unknownToken(6561, vocabulary: 6561)) {
      try generator.next([1, 6561], &stream)
    }
    #expect(try generator.next([], &stream) == [])
    #expect(try generator.next([1], isLast: true, &stream).count == 160)
    #expect(throws: S3GenError.streamEnded) { try generator.next([1], &stream) }
    var empty = try generator.stream(voice: voice, noise: .seed(1), pastTokens: .min)
    #expect(throws: S3GenError.noTokens) { try generator.next([], isLast: true, &empty) }
    #expect(throws: S3GenError.badSteps(-1)) {
      try generator.stream(voice: voice, noise: .seed(1), steps: -1)
    }
    voice.speakerEmbedding = []
    #expect(throws: S3GenError.badSpeakerEmbedding(elements: 0, expected: 192)) {
      try generator.stream(voice: voice, noise: .seed(1))
    }
  }
}
