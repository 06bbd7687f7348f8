// The sections about what a node does beside speaking.
extension ServiceConfiguration {
  /// The section `queue`.
  package struct Queue: Hashable, Sendable {
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
    /// Many nodes share a cache in Redis; not supported by this version.
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
