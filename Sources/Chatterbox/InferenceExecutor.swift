import Dispatch

/// Runs an actor's jobs on a thread of its own queue, in order.
///
/// A ggml context has one owner, and a computation holds its thread for long: on Swift's cooperative pool
/// it would keep other tasks from running.
final class InferenceExecutor: SerialExecutor {
  private let queue: DispatchQueue

  init(label: String) {
    queue = DispatchQueue(label: label, qos: .userInitiated)
  }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    queue.async { job.runSynchronously(on: self.asUnownedSerialExecutor()) }
  }

  func asUnownedSerialExecutor() -> UnownedSerialExecutor {
    UnownedSerialExecutor(ordinary: self)
  }
}
