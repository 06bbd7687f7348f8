import Chatterbox

/// What a node measures. docs/metrics.md lists it for people, and the tests hold one against the other.
package struct NodeMetrics: Sendable {
  /// From a thousandth of a second to a minute.
  private static let seconds = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60,
  ]

  package let registry = MetricsRegistry()
  package let httpRequests: MetricsRegistry.Counter
  package let httpSeconds: MetricsRegistry.Histogram
  package let errors: MetricsRegistry.Counter
  package let speech: MetricsRegistry.Counter
  package let queueWait: MetricsRegistry.Histogram
  package let firstAudio: MetricsRegistry.Histogram
  package let realTimeFactor: MetricsRegistry.Histogram
  package let audioSeconds: MetricsRegistry.Counter
  package let workSeconds: MetricsRegistry.Counter
  package let characters: MetricsRegistry.Counter
  package let sockets: MetricsRegistry.Gauge
  package let jobs: MetricsRegistry.Gauge
  /// Of the shared line.
  package let redelivered: MetricsRegistry.Counter
  package let deadLetters: MetricsRegistry.Counter
  package let ready: MetricsRegistry.Gauge
  let queueWaiting: MetricsRegistry.Gauge
  let queueRunning: MetricsRegistry.Gauge
  let queueCapacity: MetricsRegistry.Gauge
  let modelLoaded: MetricsRegistry.Gauge
  let modelBytes: MetricsRegistry.Gauge
  let device: MetricsRegistry.Gauge
  let process: ProcessMetrics

  init(version: String) {
    let registry = registry
    httpRequests = registry.counter(
      "chatterbox_http_requests_total", "Answers to HTTP requests.", labels: ["method", "route", "status"])
    httpSeconds = registry.histogram(
      "chatterbox_http_request_duration_seconds", "Time until an answer began.", labels: ["route"],
      bounds: Self.seconds)
    errors = registry.counter("chatterbox_errors_total", "Answers that were errors.", labels: ["code"])
    speech = registry.counter(
      "chatterbox_speech_requests_total",
      "Requests for speech: hit (kept), shared (in the making for another) or miss (made).",
      labels: ["model", "cache"])
    queueWaiting = registry.gauge(
      "chatterbox_queue_waiting", "Requests that wait for their turn.", labels: ["priority"])
    queueRunning = registry.gauge("chatterbox_queue_running", "Requests that are being spoken.")
    queueCapacity = registry.gauge("chatterbox_queue_capacity", "Requests that may wait.")
    queueWait = registry.histogram(
      "chatterbox_queue_wait_seconds", "Time until a request's turn.", labels: ["priority"],
      bounds: Self.seconds)
    firstAudio = registry.histogram(
      "chatterbox_time_to_first_audio_seconds", "Time from a request's turn to its first audio.",
      labels: ["model"], bounds: Self.seconds)
    realTimeFactor = registry.histogram(
      "chatterbox_real_time_factor_ratio", "Seconds of work for a second of audio.", labels: ["model"],
      bounds: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 1, 1.5, 2, 5, 10])
    audioSeconds = registry.counter(
      "chatterbox_audio_seconds_total", "Audio that was made.", labels: ["model"])
    workSeconds = registry.counter(
      "chatterbox_work_seconds_total", "Time that audio was in the making.", labels: ["model"])
    characters = registry.counter(
      "chatterbox_characters_total", "Characters that were spoken.", labels: ["model"])
    sockets = registry.gauge("chatterbox_websockets", "WebSockets that are open.")
    jobs = registry.gauge("chatterbox_jobs", "Jobs by their state.", labels: ["status"])
    redelivered = registry.counter(
      "chatterbox_redelivered_total", "Turns that were taken back from nodes that had gone silent.")
    deadLetters = registry.counter(
      "chatterbox_dead_letters_total", "Requests and jobs that were put aside after too many tries.")
    modelLoaded = registry.gauge(
      "chatterbox_model_loaded", "Whether an installed model's weights are in memory.", labels: ["model"])
    modelBytes = registry.gauge(
      "chatterbox_model_memory_bytes", "Memory of a model's weights.", labels: ["model"])
    device = registry.gauge("chatterbox_device_info", "What computes.", labels: ["device"])
    ready = registry.gauge("chatterbox_ready", "Whether the node takes requests.")
    process = ProcessMetrics(registry)
    registry.gauge("chatterbox_build_info", "The version that runs.", labels: ["version"]).set(1, version)
  }
}
