import Chatterbox
import Testing

@testable import Service

@Suite("The product document's config.yaml")
struct ProductFileTests {
  /// Section 4.3 of the product document, to the letter.
  private static let yaml = """
    # config.yaml
    server:
      host: "0.0.0.0"
      port: 8000
      workers: 4

    models:
      device: "cuda"  # cuda, mps, cpu
      preload:
        - standard
        - turbo
        - multilingual
      cache_dir: "/models"

    presets:
      language_learning:
        model: standard
        exaggeration: 0.8
        speed: 0.9
        description: "어학 학습용 - 명확한 발음"

      emergency_alert:
        model: turbo
        exaggeration: 1.3
        speed: 1.1
        paralinguistic_prefix: "[clears throat]"
        description: "긴급 알림 - 긴박함"

    storage:
      type: "s3"  # local, s3, gcs
      bucket: "tts-audio"
      cleanup_after_hours: 24

    cache:
      enabled: true
      redis_url: "redis://localhost:6379"
      ttl_seconds: 3600

    monitoring:
      enabled: true
      prometheus_port: 9090
      health_check_interval: 30

    security:
      api_key_enabled: false
      rate_limit:
        requests_per_minute: 100
        burst: 20
    """

  @Test("sets the server and the models")
  func serverAndModels() throws {
    let configuration = try load(Self.yaml)
    #expect(configuration.server.host == "0.0.0.0")
    #expect(configuration.server.port == 8000)
    #expect(configuration.server.workers == 4)
    #expect(configuration.models.device == "cuda")
    #expect(configuration.models.preload == [.standard, .turbo, .multilingual])
    #expect(configuration.models.cacheDirectory == "/models")
  }

  @Test("sets the two presets")
  func presets() throws {
    let learning = Preset(
      name: "language_learning", model: "standard", exaggeration: 0.8, speed: 0.9,
      description: "어학 학습용 - 명확한 발음")
    let alert = Preset(
      name: "emergency_alert", model: "turbo", exaggeration: 1.3, speed: 1.1,
      paralinguisticPrefix: "[clears throat]", description: "긴급 알림 - 긴박함")
    #expect(try load(Self.yaml).presets == [learning, alert])
  }

  @Test("sets the storage, the cache and the monitoring")
  func node() throws {
    let configuration = try load(Self.yaml)
    #expect(configuration.storage.bucket == "tts-audio")
    #expect(configuration.storage.cleanupAfterHours == 24)
    #expect(configuration.cache.enabled)
    #expect(configuration.cache.ttlSeconds == 3600)
    #expect(configuration.monitoring.enabled)
    #expect(configuration.monitoring.prometheusPort == 9090)
    #expect(configuration.monitoring.healthCheckInterval == 30)
  }

  @Test("has its effect in every section")
  func effects() throws {
    let configuration = try load(Self.yaml)
    #expect(configuration.storage.type == .s3)
    #expect(configuration.cache.redisURL == "redis://localhost:6379")
    #expect(!configuration.security.apiKeyEnabled)
    #expect(configuration.security.rateLimit.requestsPerMinute == 100)
    #expect(configuration.security.rateLimit.burst == 20)
  }
}
