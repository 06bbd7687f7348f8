// The sections about what a node does beside speaking.
extension ServiceConfiguration {
  /// The section `queue`.
  package struct Queue: Hashable, Sendable {
    /// Where the line is.
    package enum Kind: String, CaseIterable, Codable, Hashable, Sendable {
      /// In this node.
      case memory
      /// In the Redis of `cache.redis_url`, shared by all nodes.
      case redis
    }

    package var type = Kind.memory
    /// Seconds that a node may say nothing of what it has taken from a shared line, before another takes it.
    package var leaseSeconds = 15
    /// How often something from a shared line is begun, by nodes that die of it, before it is put aside.
    package var maxTries = 3
    /// How many requests may wait; one more is refused.
    package var capacity = 1_000
    /// How many requests are spoken at a time.
    package var concurrent = 8

    package init(capacity: Int = 1_000, concurrent: Int = 8) {
      (self.capacity, self.concurrent) = (capacity, concurrent)
    }
  }

  /// The section `cache`.
  package struct Cache: Hashable, Sendable {
    package var enabled = true
    /// How long an answer may be given again, in seconds.
    package var ttlSeconds = 3_600
    /// The most bytes of audio that are kept in memory.
    package var maxMemoryBytes = 64 << 20
    /// The most bytes of audio that are kept on the disk.
    package var maxDiskBytes = 1 << 30
    /// Whether those who have keys or tokens are given again only what was spoken for them.
    package var perCaller = true
    /// The Redis that many nodes share: `redis://:password@host:6379/0`.
    package var redisURL: String?

    package init() {}
  }

  /// The section `storage`.
  package struct Storage: Hashable, Sendable {
    /// Where results are kept.
    package enum Kind: String, CaseIterable, Codable, Hashable, Sendable {
      case local
      case s3
      case gcs
    }

    package var type = Kind.local
    /// The folder in the data folder, or the bucket of a store.
    package var bucket = "tts-audio"
    /// Where the store is; `nil` is the one that the type is named for.
    package var endpoint: String?
    package var region = "us-east-1"
    package var accessKeyID: String?
    package var secretAccessKey: String?
    /// What the names of objects begin with.
    package var prefix = ""
    /// Seconds that an address handed out for an object is good for; 0 lets all audio go through the node.
    package var presignSeconds = 0
    /// Hours after which a result is deleted; 0 keeps it.
    package var cleanupAfterHours = 24

    package init() {}
  }

  /// The section `jobs`.
  package struct Jobs: Hashable, Sendable {
    /// What webhooks are signed with; `nil` switches them off.
    package var webhookSecret: String?
    /// The hosts that webhooks may be sent to.
    package var webhookHosts: [String] = []
    /// Whether names among them may stand for private addresses.
    package var webhookPrivate = false

    package init() {}
  }

  /// The section `monitoring`.
  package struct Monitoring: Hashable, Sendable {
    package var enabled = true
    /// Where metrics are served, on the server's host.
    package var prometheusPort = 9_090
    /// Seconds between two looks at the node's own health.
    package var healthCheckInterval = 30

    package init() {}
  }

  /// The section `openai`.
  package struct OpenAI: Hashable, Sendable {
    /// Voices of ours by the names that OpenAI's clients use: `alloy`, `nova`, …
    package var voices = Dictionary(uniqueKeysWithValues: Self.theirVoices.map { ($0, "default") })
    /// Models of ours by the names that OpenAI's clients use.
    package var models: [String: String] = [
      "tts-1": "turbo", "tts-1-hd": "standard", "gpt-4o-mini-tts": "turbo",
    ]

    /// The voices that OpenAI has.
    private static let theirVoices = [
      "alloy", "ash", "ballad", "cedar", "coral", "echo", "fable", "marin", "nova", "onyx", "sage", "shimmer",
      "verse",
    ]

    package init() {}
  }
}
