import Foundation
import Tensor
import Testing

@Suite("Processor limits")
struct ProcessorLimitsTests {
  private let root = FileManager.default.temporaryDirectory.appending(path: "cgroup-\(UUID().uuidString)")

  private func limits(_ membership: String, processors: Int = 8, _ files: [String: String]) throws
    -> ProcessorLimits
  {
    defer { try? FileManager.default.removeItem(at: root) }
    for (path, text) in files {
      let file = root.appending(path: path)
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file)
    }
    return ProcessorLimits(processors: processors, membership: membership, root: root)
  }

  @Test("the tightest group of a unified hierarchy wins, rounded up")
  func unified() throws {
    let membership = "0::/pod/app\n"
    #expect(try limits(membership, ["pod/app/cpu.max": "250000 100000\n"]).threads == 3)
    #expect(
      try limits(membership, ["pod/app/cpu.max": "max 100000\n", "pod/cpu.max": "150000 100000"]).threads == 2
    )
    #expect(
      try limits(membership, ["cpu.max": "50000 100000", "pod/app/cpu.max": "400000 100000"]).threads == 1)
    #expect(try limits(membership, processors: 2, ["pod/app/cpu.max": "1600000 100000"]).threads == 2)
  }

  @Test("older hierarchies, by either name")
  func legacy() throws {
    let membership = "12:memory:/x\n4:cpu,cpuacct:/docker/1\n0::/\n"
    let quota = ["cpu.cfs_quota_us": "200000", "cpu.cfs_period_us": "100000"]
    for folder in ["cpu/docker/1", "cpu,cpuacct/docker/1", "cpu"] {
      let files = Dictionary(uniqueKeysWithValues: quota.map { ("\(folder)/\($0.key)", $0.value) })
      #expect(try limits(membership, files).threads == 2)
    }
    #expect(
      try limits(membership, ["cpu/cpu.cfs_quota_us": "-1", "cpu/cpu.cfs_period_us": "100000"]).quota == nil)
  }

  @Test(
    "what says nothing sensible is no limit",
    arguments: [
      "", "max", "max 100000", "0 100000", "-5 100000", "100000 0", "abc def", "1e400 1", "1 2 3", "nan 1",
    ])
  func nonsense(text: String) throws {
    let limits = try limits("0::/a\n", ["a/cpu.max": text])
    #expect(limits.threads == 8)
    #expect(try self.limits("no colons\n:::\n0::/../..\n", [:]).threads == 8)
  }

  @Test("this process may use at least one thread, and no more than there are processors")
  func current() throws {
    let limits = ProcessorLimits.current
    #expect((1...max(1, limits.processors)).contains(limits.threads))
    #expect(try Backend().threads == limits.threads)
    #expect(ProcessorLimits(processors: 0, membership: "", root: root).threads == 1)
  }
}
