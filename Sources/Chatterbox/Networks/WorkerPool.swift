import Synchronization

/// A model's workers, one a device: who speaks next is the one with the least to do.
final class WorkerPool: Sendable {
  let workers: [ChatterboxWorker]
  /// Chunks that each speaks now, and when each was last chosen.
  private let load: Mutex<(busy: [Int], chosen: [Int], count: Int)>

  init(_ workers: [ChatterboxWorker]) {
    self.workers = workers
    let none = [Int](repeating: 0, count: workers.count)
    load = Mutex((none, none, 0))
  }

  /// The worker with the least to do, of equals the one that was chosen longest ago, until the lease ends.
  func lease() -> Lease {
    let index = load.withLock { load -> Int in
      let index = load.busy.indices.min { a, b in
        (load.busy[a], load.chosen[a]) < (load.busy[b], load.chosen[b])
      }
      let chosen = index ?? 0
      load.count += 1
      load.busy[chosen] += 1
      load.chosen[chosen] = load.count
      return chosen
    }
    return Lease(worker: workers[index], index: index, pool: self)
  }

  /// How many leases each worker has.
  var busy: [Int] { load.withLock { $0.busy } }

  fileprivate func end(_ index: Int) { load.withLock { $0.busy[index] -= 1 } }

  /// A worker that somebody has work for. It counts as busy as long as this is held.
  final class Lease: Sendable {
    let worker: ChatterboxWorker
    private let index: Int
    private let pool: WorkerPool

    fileprivate init(worker: ChatterboxWorker, index: Int, pool: WorkerPool) {
      (self.worker, self.index, self.pool) = (worker, index, pool)
    }

    deinit { pool.end(index) }
  }
}
