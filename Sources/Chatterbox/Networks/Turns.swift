/// Who works next: the most urgent of those who wait, and of equals the one who has waited longest.
///
/// A part of an actor, which hands out one turn at a time. A turn is passed on only after all who can ask for
/// one have been heard, so that a job that goes on and on does not keep a more urgent one from being seen.
struct Turns {
  private struct Waiter {
    let priority: SpeechPriority
    let continuation: CheckedContinuation<Void, Never>
  }

  private var waiters: [Waiter] = []
  /// Whether somebody works, or is about to be chosen.
  private(set) var isTaken = false

  /// Joins those who wait.
  ///
  /// - Returns: whether the next one has to be chosen, since nobody works.
  mutating func wait(_ priority: SpeechPriority, _ continuation: CheckedContinuation<Void, Never>) -> Bool {
    // Behind all that are as urgent.
    let place = waiters.firstIndex { $0.priority > priority } ?? waiters.count
    waiters.insert(Waiter(priority: priority, continuation: continuation), at: place)
    defer { isTaken = true }
    return !isTaken
  }

  /// Lets the next one work.
  mutating func choose() {
    guard !waiters.isEmpty else {
      isTaken = false
      return
    }
    waiters.removeFirst().continuation.resume()
  }
}
