import Foundation
import Synchronization

/// What `body` gives on `count` threads of their own, all running at once.
func onThreads<Result: Sendable>(_ count: Int, _ body: @escaping @Sendable (Int) -> Result) -> [Result] {
  let results = SharedResults<Result>()
  let group = DispatchGroup()
  for index in 0..<count {
    group.enter()
    Thread.detachNewThread {
      let result = body(index)
      results.byIndex.withLock { $0[index] = result }
      group.leave()
    }
  }
  group.wait()
  return results.byIndex.withLock { byIndex in (0..<count).compactMap { byIndex[$0] } }
}

private final class SharedResults<Result: Sendable>: Sendable {
  let byIndex = Mutex<[Int: Result]>([:])
}
