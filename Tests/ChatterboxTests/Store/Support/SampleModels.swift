import Chatterbox
import Foundation
import Synchronization

/// Files with the official names and a few bytes in them.
enum SampleModels {
  static let base = "ResembleAI/chatterbox"
  static let turbo = "ResembleAI/chatterbox-turbo"

  static var standard: [String: [UInt8]] {
    [
      "t3_cfg.safetensors": bytes(50_000, 1), "s3gen.safetensors": bytes(30_000, 2),
      "ve.safetensors": bytes(5_000, 3), "tokenizer.json": bytes(300, 4), "conds.pt": bytes(2_000, 5),
    ]
  }

  static var multilingual: [String: [UInt8]] {
    [
      "t3_mtl23ls_v2.safetensors": bytes(40_000, 11), "t3_mtl23ls_v3.safetensors": bytes(40_000, 12),
      "s3gen.pt": bytes(30_000, 13), "ve.pt": bytes(5_000, 14), "conds.pt": bytes(2_000, 5),
      "grapheme_mtl_merged_expanded_v1.json": bytes(300, 15), "Cangjie5_TC.json": bytes(200, 16),
    ]
  }

  /// The official repository, which holds two models and more.
  static var baseRepository: [String: [UInt8]] {
    standard.merging(multilingual) { $1 }.merging(
      ["README.md": bytes(100, 6), "t3_cfg.pt": bytes(9_000, 7), "s3gen_v3.pt": bytes(9_000, 8)]) { $1 }
  }

  static var turboRepository: [String: [UInt8]] {
    [
      "t3_turbo_v1.safetensors": bytes(40_000, 21), "s3gen_meanflow.safetensors": bytes(30_000, 22),
      "s3gen.safetensors": bytes(30_000, 23), "ve.safetensors": bytes(5_000, 3), "conds.pt": bytes(2_000, 24),
      "vocab.json": bytes(400, 25), "merges.txt": bytes(300, 26), "added_tokens.json": bytes(100, 27),
      "special_tokens_map.json": bytes(90, 28), "tokenizer_config.json": bytes(80, 29),
    ]
  }

  /// A single-language pack, which lacks the voice encoder and the voice.
  static var pack: [String: [UInt8]] {
    [
      "t3_pt_br.safetensors": bytes(40_000, 31), "s3gen_v3.safetensors": bytes(30_000, 32),
      "grapheme_mtl_merged_expanded_v1.json": bytes(300, 15),
    ]
  }

  /// Bytes that differ by seed.
  static func bytes(_ count: Int, _ seed: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: ($0 &* 31) ^ ($0 >> 8) &+ seed &* 17) }
  }

  /// Writes files into a folder.
  static func write(_ files: [String: [UInt8]], to folder: URL) throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    for (name, bytes) in files { try Data(bytes).write(to: folder.appending(path: name)) }
  }
}

/// What a store reported.
final class Events: Sendable {
  private let list = Mutex<[StoreEvent]>([])

  var all: [StoreEvent] { list.withLock { $0 } }

  @Sendable func report(_ event: StoreEvent) { list.withLock { $0.append(event) } }

  /// The files that were fetched to their end.
  var downloaded: [String] {
    all.compactMap { event in
      if case .finished(let progress) = event, progress.work == .download { progress.file } else { nil }
    }.sorted()
  }

  /// Waits for something that must come; the time limit only ends a test that would hang.
  func wait(for matches: (StoreEvent) -> Bool) async throws -> Bool {
    let end = ContinuousClock.now + .seconds(30)
    while ContinuousClock.now < end {
      if all.contains(where: matches) { return true }
      try await Task.sleep(for: .milliseconds(5))
    }
    return false
  }
}

extension TemporaryFolder {
  /// A store in the folder.
  var store: ModelStore { ModelStore(directory: url.path) }

  /// The bytes of a model's installed file.
  func bytes(_ name: String, _ file: String) -> [UInt8]? {
    store.installedFolder(of: name).flatMap { try? Data(contentsOf: $0.appending(path: file)) }.map(
      Array.init)
  }
}

/// The store's error that something throws.
func storeError(_ work: () async throws -> Void) async -> ModelStoreError? {
  do {
    try await work()
    return nil
  } catch {
    return error as? ModelStoreError
  }
}
