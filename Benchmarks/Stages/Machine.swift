import Foundation

/// What the machine itself can do, and how much of its memory this process has.
enum Machine {
  /// Reading a buffer many times larger than the caches, on several threads: the best of five, in GB/s.
  static func bandwidth(threads: Int) -> Double {
    let vectors = 1 << 23
    let buffer = [SIMD16<UInt32>](repeating: SIMD16(repeating: 1), count: vectors)
    let sums = UnsafeMutableBufferPointer<UInt32>.allocate(capacity: threads)
    defer { sums.deallocate() }
    var best = 0.0
    for _ in 0..<5 {
      let time = seconds {
        buffer.withUnsafeBufferPointer { buffer in
          guard let start = buffer.baseAddress, let results = sums.baseAddress else { return }
          nonisolated(unsafe) let (vector, sums) = (start, results)
          DispatchQueue.concurrentPerform(iterations: threads) { thread in
            var (a, b, c, d) = (
              SIMD16<UInt32>.zero, SIMD16<UInt32>.zero, SIMD16<UInt32>.zero, SIMD16<UInt32>.zero
            )
            var index = thread * (vectors / threads)
            let end = index + vectors / threads / 4 * 4
            while index < end {
              a &+= vector[index]
              b &+= vector[index &+ 1]
              c &+= vector[index &+ 2]
              d &+= vector[index &+ 3]
              index &+= 4
            }
            sums[thread] = ((a &+ b) &+ (c &+ d)).wrappedSum()
          }
        }
      }
      precondition(sums.allSatisfy { $0 == UInt32(vectors / threads / 4 * 4 * 16) })
      best = max(best, Double(vectors * 64) / (time["seconds"] ?? 1) / 1e9)
    }
    return best
  }

  /// What of this process lies in memory, in MB of a million bytes.
  static var residentMegabytes: Double {
    guard let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8),
      let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmRSS:") }),
      let kibibytes = line.split(separator: " ").compactMap({ Double($0) }).first
    else { return 0 }
    return kibibytes * 1024 / 1e6
  }
}
