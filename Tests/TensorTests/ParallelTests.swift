import CKernels
import Testing

@Suite("cb_parallel")
struct ParallelTests {
  @Test("does every part exactly once", arguments: [0, 1, 2, 1_000], [1, 2, 3, 100] as [Int32])
  func everyPartOnce(count: Int, threads: Int32) {
    #expect(timesDone(count, threads: threads) == [Int32](repeating: 1, count: count))
  }

  @Test("does so for callers on several threads at once")
  func manyCallers() {
    let wrong = onThreads(6) { caller in
      (0..<200).count { round in
        let count = [0, 1, 2, 17, 1_000][(caller + round) % 5]
        return timesDone(count, threads: Int32(1 + round % 4)) != [Int32](repeating: 1, count: count)
      }
    }
    #expect(wrong == [0, 0, 0, 0, 0, 0])
  }

  @Test("does so for a loop inside a part of another")
  func nested() {
    var totals = [Int](repeating: 0, count: 20)
    totals.withUnsafeMutableBytes { totals in
      cb_parallel(
        20, 3,
        { context, index in
          let done = timesDone(50, threads: 3)
          context?.assumingMemoryBound(to: Int.self)[Int(index)] = done.count { $0 == 1 }
        }, totals.baseAddress)
    }
    #expect(totals == [Int](repeating: 50, count: 20))
  }
}

/// How often each part of a loop was done.
private func timesDone(_ count: Int, threads: Int32) -> [Int32] {
  var times = [Int32](repeating: 0, count: count)
  times.withUnsafeMutableBytes { times in
    cb_parallel(
      Int64(count), threads,
      { context, index in context?.assumingMemoryBound(to: Int32.self)[Int(index)] += 1 },
      times.baseAddress)
  }
  return times
}
