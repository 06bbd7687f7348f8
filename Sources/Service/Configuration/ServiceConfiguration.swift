package import Chatterbox
package import Tensor
package import Text

/// Everything that `config.yaml` and the environment can set.
///
/// ``ConfigurationKeys`` is the table of its keys; docs/configuration.md is the page for people.
package struct ServiceConfiguration: Hashable, Sendable {
  /// How the service is reached, and what it takes.
  package var server = Server()
  /// Which models speak, and on what.
  package var models = Models()
  /// Presets beside the built-in ones; one of the same name replaces it.
  package var presets: [Preset] = []
  /// Pronunciations for every request.
  package var lexicon = Lexicon()
  /// Who waits, and how long.
  package var queue = Queue()
  /// What is kept to be answered again.
  package var cache = Cache()
  /// Where audio is kept that somebody comes back for.
  package var storage = Storage()
  /// Long texts that are spoken without anybody waiting.
  package var jobs = Jobs()
  /// What is measured, and where it can be read.
  package var monitoring = Monitoring()
  /// Who may do what, and what is written down about it.
  package var security = Security()
  /// What OpenAI's names mean here.
  package var openAI = OpenAI()

  /// Creates the default configuration.
  package init() {}

  /// The section `server`.
  package struct Server: Hashable, Sendable {
    package var host = "127.0.0.1"
    package var port = 8000
    /// Threads that compute on a CPU, unless `models.threads` says it; `nil` is one a core.
    package var workers: Int?
    /// The longest text a request may have, in characters.
    package var maxTextLength = 100_000
    /// The largest request body, in bytes.
    package var maxBodyBytes = 1_048_576
    /// The folder of all that a node keeps; `nil` is the user's own.
    package var dataDirectory: String?
    /// How long a stopping server lets the requests in flight speak on, in seconds.
    package var drainSeconds = 30
    /// How the log is written.
    package var logFormat = LogFormat.text

    package init() {}
  }

  /// How the log is written.
  package enum LogFormat: String, CaseIterable, Codable, Hashable, Sendable {
    /// For people.
    case text
    /// One JSON object a line, for programs.
    case json
  }

  /// The section `models`.
  package struct Models: Hashable, Sendable {
    package var device = "cpu"
    /// Models to load when the service starts.
    package var preload: [ModelName] = []
    /// The folder that models live in; `nil` is the user's own.
    package var cacheDirectory: String?
    /// The folder of cloned voices; `nil` is the user's own.
    package var voicesDirectory: String?
    /// How Chatterbox's token model stores its matrices.
    package var weightType = WeightType.q8_0
    /// Whether Chatterbox's speech carries the Perth watermark.
    package var watermark = true
    package var fallback = EngineConfiguration.Fallback.starter
    /// Threads that compute on a CPU; `nil` is `server.workers`.
    package var threads: Int?
    /// Seconds without a request after which a model's memory is given back; 0 keeps it.
    package var unloadAfterSeconds = 0
    /// The most bytes of weights that are loaded at a time; 0 is no bound.
    package var maxLoadedBytes = 0
    /// How many voices a model keeps ready to speak.
    package var maxCachedVoices = 8

    package init() {}
  }

  /// What of it the engine needs.
  package var engine: EngineConfiguration {
    var engine = EngineConfiguration()
    engine.device = models.device
    engine.threads = models.threads ?? server.workers
    engine.modelsDirectory = models.cacheDirectory
    engine.voicesDirectory = models.voicesDirectory
    engine.weightType = models.weightType
    engine.watermark = models.watermark
    engine.fallback = models.fallback
    engine.mostLoadedBytes = models.maxLoadedBytes
    engine.mostCachedVoices = models.maxCachedVoices
    engine.presets = presets
    engine.lexicon = lexicon
    engine.textLimit = server.maxTextLength
    return engine
  }
}
