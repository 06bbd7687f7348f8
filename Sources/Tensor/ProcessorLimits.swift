public import Foundation

/// How many threads a process may have at work: the processors it may run on, and the time that its container
/// gives it.
///
/// A thread more than that waits for one of the others at every step.
public struct ProcessorLimits: Hashable, Sendable {
  /// Processors that the process may run on.
  public let processors: Int
  /// What the control groups allow, in processors; `nil` without a limit.
  public let quota: Double?

  /// Threads to compute with: a part of a processor counts as one.
  public var threads: Int {
    max(1, min(processors, quota.map { Int($0.rounded(.up)) } ?? processors))
  }

  /// The limits of this process, now.
  public static var current: ProcessorLimits {
    ProcessorLimits(
      processors: ProcessInfo.processInfo.activeProcessorCount,
      membership: (try? String(contentsOfFile: "/proc/self/cgroup", encoding: .utf8)) ?? "",
      root: URL(filePath: "/sys/fs/cgroup"))
  }

  /// Reads the limits of control groups.
  ///
  /// Source: the kernel's `cgroup-v2.rst` (`cpu.max`) and `sched-bwc.rst` (`cpu.cfs_quota_us`).
  ///
  /// - Parameters:
  ///   - processors: that the process may run on.
  ///   - membership: `/proc/self/cgroup`.
  ///   - root: where the groups are mounted.
  public init(processors: Int, membership: String, root: URL) {
    self.processors = max(1, processors)
    quota = membership.split(separator: "\n").compactMap { line -> Double? in
      let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard fields.count == 3 else { return nil }
      let path = String(fields[2])
      if fields[0] == "0", fields[1].isEmpty { return Self.tightest(root, path, Self.unified) }
      guard fields[1].split(separator: ",").contains("cpu") else { return nil }
      return ["cpu", "cpu,cpuacct"].compactMap { Self.tightest(root.appending(path: $0), path, Self.legacy) }
        .min()
    }.min()
  }

  /// The least quota of a group and those that it is in.
  private static func tightest(_ root: URL, _ path: String, _ quota: (URL) -> Double?) -> Double? {
    var folders = [root]
    // In a container the path may be the host's, of which nothing is to be seen here.
    for name in path.split(separator: "/") where name != ".." {
      folders.append(folders[folders.count - 1].appending(path: String(name)))
    }
    return folders.compactMap(quota).min()
  }

  private static func unified(_ folder: URL) -> Double? {
    let words = words(folder.appending(path: "cpu.max"))
    guard words.count == 2 else { return nil }
    return share(words[0], of: words[1])
  }

  private static func legacy(_ folder: URL) -> Double? {
    guard let quota = words(folder.appending(path: "cpu.cfs_quota_us")).first,
      let period = words(folder.appending(path: "cpu.cfs_period_us")).first
    else { return nil }
    return share(quota, of: period)
  }

  private static func words(_ file: URL) -> [String] {
    let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
    return text.split(whereSeparator: \.isWhitespace).map(String.init)
  }

  /// `nil` for `max`, −1 and whatever is not a share.
  private static func share(_ quota: String, of period: String) -> Double? {
    guard let quota = Double(quota), let period = Double(period), quota > 0, period > 0 else { return nil }
    let share = quota / period
    return share < Double(1 << 20) ? share : nil
  }
}
