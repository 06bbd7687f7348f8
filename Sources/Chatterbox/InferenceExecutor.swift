import Foundation

/// Runs an actor's jobs on one thread of its own, in order.
///
/// A ggml context has one owner, and a computation holds its thread for long: on Swift's cooperative pool
/// it would keep other tasks from running. A queue of Dispatch's would move from thread to thread, and what
/// kernels keep for their thread would be kept by each of them.
final class InferenceExecutor: SerialExecutor {
  private let inbox = Inbox()

  init(label: String) {
    let thread = Thread { [inbox] in inbox.work() }
    thread.name = label
    thread.qualityOfService = .userInitiated
    thread.start()
  }

  deinit { inbox.close() }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    inbox.add { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
  }

  func asUnownedSerialExecutor() -> UnownedSerialExecutor {
    UnownedSerialExecutor(ordinary: self)
  }
}

/// Jobs that wait for a thread.
///
/// Sendable, since the condition's lock guards all that changes.
private final class Inbox: @unchecked Sendable {
  private let condition = NSCondition()
  private var jobs: [() -> Void] = []
  private var isClosed = false

  func add(_ job: @escaping () -> Void) {
    condition.withLock {
      jobs.append(job)
      condition.signal()
    }
  }

  func close() {
    condition.withLock {
      isClosed = true
      condition.signal()
    }
  }

  /// Does jobs as they come, until none is left and nobody can bring another.
  func work() {
    while let next = take() {
      for job in next { job() }
    }
  }

  private func take() -> [() -> Void]? {
    condition.withLock {
      while jobs.isEmpty, !isClosed { condition.wait() }
      defer { jobs = [] }
      return jobs.isEmpty ? nil : jobs
    }
  }
}
