import Audio
import Chatterbox
import Foundation
import Hummingbird
import Service

/// `POST /api/v1/tts/batch`: many things to say at once, each kept in storage, and one manifest of them.
struct BatchEndpoint: Sendable {
  let node: SpeechNode
  let bodies: RequestBodyReader

  /// Speaks all items, as many at a time as may be.
  ///
  /// An item that fails does not keep the others from being spoken: its place in the manifest says why.
  ///
  /// - Throws: ``APIError`` and ``ChatterboxError`` before the first is spoken; `CancellationError`.
  func respond(to request: Request, _ context: APIContext) async throws -> Response {
    let batch = try BatchRequest(json: try await bodies.json(of: request))
    let orders = batch.items.map { item in
      var order = item.request.order(of: request, context, delivery: .whole)
      order.request.priority = order.request.priority ?? .batch
      return order
    }
    let texts = orders.map(\.request.text)
    context.note(text: texts.joined(separator: "\n"), characters: texts.reduce(0) { $0 + $1.count })
    for (index, order) in orders.enumerated() {
      do {
        try node.check(order)
      } catch {
        throw error.within("items[\(index)]")
      }
    }
    let named = zip(batch.items, orders).map { (id: $0.id, order: $1) }
    let spoken = try await context.whileConnected { try await entries(of: named) }
    return try Response(json: BatchManifest(spoken))
  }

  private func entries(of orders: [(id: String, order: SpeechOrder)]) async throws -> [BatchManifest.Entry] {
    try await withThrowingTaskGroup(of: (Int, BatchManifest.Entry).self) { group in
      var entries = [BatchManifest.Entry?](repeating: nil, count: orders.count)
      var rest = orders.enumerated().makeIterator()
      func begin() {
        guard let (index, item) = rest.next() else { return }
        group.addTask { (index, try await entry(item.id, item.order)) }
      }
      for _ in 0..<node.configuration.queue.concurrent { begin() }
      while let (index, entry) = try await group.next() {
        entries[index] = entry
        begin()
      }
      return entries.compactMap(\.self)
    }
  }

  private func entry(_ id: String, _ order: SpeechOrder) async throws -> BatchManifest.Entry {
    do {
      let answer = try await node.speak(order)
      let stored = try await answer.audio.kept(in: node.storage, by: node.folders.temporary)
      return BatchManifest.Entry(
        id: id, answer, stored, at: node.downloadAddress(of: stored), try await answer.audio.summary())
    } catch is CancellationError {
      throw CancellationError()
    } catch {
      return BatchManifest.Entry(id: id, error: APIError(presenting: error))
    }
  }
}

/// What has become of each item of a batch.
struct BatchManifest: Encodable {
  struct Entry: Encodable {
    let id: String
    let status: String
    var url: String?
    var downloadURL: String?
    var sha256: String?
    var bytes: Int?
    var format: String?
    var duration: Double?
    var model: String?
    var language: String?
    var seed: UInt64?
    var warnings: [SpeechWarning]?
    var error: APIError.Details?

    private enum CodingKeys: String, CodingKey {
      case id
      case status
      case url
      case downloadURL = "download_url"
      case sha256
      case bytes
      case format
      case duration
      case model
      case language
      case seed
      case warnings
      case error
    }

    init(
      id: String, _ answer: SpeechAnswer, _ stored: StoredAudio, at address: String?,
      _ summary: RecordingSummary
    ) {
      self.id = id
      status = "done"
      url = "/api/v1/audio/\(stored.id)"
      downloadURL = address
      sha256 = stored.sha256
      bytes = stored.byteCount
      format = stored.format.rawValue
      duration = summary.timings.duration
      model = answer.info.model
      language = answer.info.language
      seed = answer.info.seed
      warnings = answer.info.warnings
    }

    init(id: String, error: APIError) {
      self.id = id
      status = "failed"
      self.error = error.details
    }
  }

  let items: [Entry]
  let done: Int
  let failed: Int

  init(_ entries: [Entry]) {
    items = entries
    done = entries.count { $0.error == nil }
    failed = entries.count - done
  }
}
