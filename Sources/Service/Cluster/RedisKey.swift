import Chatterbox

/// What everything is called in the Redis that all nodes share.
enum RedisKey {
  static let prefix = "chatterbox:"

  // What waits, and what is spoken: see ``ClusterScripts``.
  static let work = "\(prefix)work"
  /// The nodes, as the group that reads ``work``.
  static let speakers = "speakers"
  static let dead = "\(prefix)dead"
  static func item(_ id: String) -> String { "\(prefix)item:\(id)" }
  static func speech(_ id: String) -> String { "\(prefix)speech:\(id)" }
  static func wake(_ priority: SpeechPriority) -> String { "\(prefix)wake:\(priority.rawValue)" }
  /// What wakes a node for itself, whatever it waits for.
  static func wake(of node: String) -> String { "\(prefix)wake:of:\(node)" }
  /// What wakes the one of a node who listens to others.
  static func bell(of node: String) -> String { "\(prefix)bell:\(node)" }

  // Jobs: see ``JobScripts``.
  static let jobs = "\(prefix)jobs"
  static let endedJobs = "\(prefix)ended"
  static func jobs(_ status: Job.Status) -> String { "\(jobs):\(status.rawValue)" }
  static func jobs(of caller: String) -> String { "\(jobs):of:\(caller)" }
  static func job(_ id: String) -> String { "\(prefix)job:\(id)" }

  static let keys = "\(prefix)keys"
  static let presets = "\(prefix)presets"
  static let presetsVersion = "\(presets):version"
  static func cache(_ key: String) -> String { "\(prefix)cache:\(key)" }
  static func bucket(_ caller: String) -> String { "\(prefix)bucket:\(caller)" }
}
