import Testing

@testable import Chatterbox

@Suite("Turns")
struct TurnsTests {
  /// An actor that works in turns, as a worker does.
  private actor Desk {
    private var turns = Turns()
    private(set) var done: [String] = []

    func work(_ name: String, _ priority: SpeechPriority, times: Int) async {
      for _ in 0..<times {
        await withCheckedContinuation { continuation in
          if turns.wait(priority, continuation) { later() }
        }
        done.append(name)
        later()
      }
    }

    private func later() { Task { choose() } }
    private func choose() { turns.choose() }
    var isIdle: Bool { !turns.isTaken }
  }

  @Test("equals alternate, and the more urgent goes before all that waits")
  func order() async {
    let desk = Desk()
    async let narration: Void = desk.work("batch", .batch, times: 200)
    async let first: Void = desk.work("a", .interactive, times: 100)
    async let second: Void = desk.work("b", .interactive, times: 100)
    while await desk.done.count < 20 { await Task.yield() }
    async let alert: Void = desk.work("alert", .emergency, times: 5)
    _ = await (narration, first, second, alert)
    let done = await desk.done
    #expect(done.count == 405)
    // Once it has asked, nothing comes between an emergency's turns.
    let alerts = done.indices.filter { done[$0] == "alert" }
    #expect(alerts == Array(alerts[0]..<alerts[0] + 5))
    #expect(alerts[0] < 400)
    // Narration waits until the others have ended, but for what it did before they came.
    let lastTalk = done.lastIndex { $0 == "a" || $0 == "b" } ?? 0
    #expect(done[lastTalk...].count(where: { $0 == "batch" }) > 150)
    // Two as urgent alternate, wherever both are there.
    let talk = done.filter { $0 == "a" || $0 == "b" }
    let longestRun = zip(talk, talk.dropFirst()).prefix(150).count { $0 == $1 }
    #expect(longestRun < 50)
    while await !desk.isIdle { await Task.yield() }
  }

  @Test("priorities are in order")
  func priorities() {
    #expect([SpeechPriority.batch, .emergency, .interactive].sorted() == [.emergency, .interactive, .batch])
  }

  @Test("pieces grow up to ten seconds, a whole is one piece")
  func pieces() {
    var sizes = PieceSizes.first
    var seen: [Int] = []
    for _ in 0..<6 {
      seen.append(sizes.next)
      sizes.grow()
    }
    #expect(seen == [14, 42, 126, 250, 250, 250])
    var whole = PieceSizes.whole
    whole.grow()
    #expect(whole.next == .max && whole.wanted(after: 7) == .max)
  }
}
