import Testing

@testable import Models

@Suite("VITSUtterance's windows")
struct VITSUtteranceTests {
  private func windows(of frameCount: Int, context: Int) -> [(input: Range<Int>, output: Range<Int>)] {
    var utterance = VITSUtterance(
      latent: [Float](repeating: 0, count: frameCount), frameCount: frameCount, speaker: 0,
      durations: [frameCount])
    var windows: [(input: Range<Int>, output: Range<Int>)] = []
    while let window = utterance.nextWindow(context: context), windows.count <= frameCount {
      windows.append(window)
    }
    return windows
  }

  @Test("give every frame once, in order, with its context", arguments: [0, 1, 9, 20, 64, 100])
  func everyFrameOnce(context: Int) {
    for frameCount in 1...1_000 {
      let windows = windows(of: frameCount, context: context)
      var end = 0
      var isRight = true
      for (input, output) in windows {
        isRight =
          isRight && output.lowerBound == end && !output.isEmpty
          && input.lowerBound == max(0, output.lowerBound - context)
          && (input.upperBound == frameCount || input.upperBound >= output.upperBound + context)
          && input.upperBound <= frameCount
        end = output.upperBound
      }
      #expect(isRight && end == frameCount, "\(frameCount) frames: \(windows)")
    }
  }

  @Test("are one for a short utterance; a long one starts with a short window")
  func sizes() {
    #expect(windows(of: 1, context: 10).count == 1)
    #expect(windows(of: 160, context: 10).count == 1)
    let long = windows(of: 10_000, context: 10)
    #expect(long[0].input.count == 64)
    #expect(long.allSatisfy { $0.input.count < 256 + 160 })
    #expect(Set(long.dropFirst().dropLast().map(\.input.count)).count == 1)
  }

  @Test("end, and stay ended")
  func end() {
    var utterance = VITSUtterance(latent: [0], frameCount: 1, speaker: 0, durations: [1])
    #expect(utterance.nextWindow(context: 3) != nil)
    #expect(utterance.nextWindow(context: 3) == nil)
    #expect(utterance.nextWindow(context: 3) == nil)
  }
}
