package import Audio
package import Chatterbox
import Foundation
import GRDB

/// A long text that is spoken without anybody waiting.
package struct Job: Codable, Hashable, Sendable, Identifiable {
  package enum Status: String, Codable, CaseIterable, Sendable {
    /// It waits for its turn, or for the node to come back.
    case queued
    case running
    /// Its audio is in storage.
    case done
    /// It can be resumed where it was.
    case failed
    /// Somebody ended it; it can be resumed where it was.
    case cancelled

    /// Whether nothing more happens by itself.
    package var isFinal: Bool { self == .done || self == .failed || self == .cancelled }
  }

  /// What was asked for. The seed is drawn when the job is made, so that it can go on after a restart.
  package struct Order: Codable, Hashable, Sendable {
    package var request: SpeechRequest
    package let format: AudioFormat
  }

  /// How far it is.
  package struct Progress: Codable, Hashable, Sendable {
    /// The share of the text that has been spoken and kept, 0…1.
    package var share = 0.0
    /// The first piece of the text that is not kept yet.
    package var piece = 0
    /// Samples at 24 kHz that are kept.
    package var sampleCount = 0
    /// Seconds of work.
    package var seconds = 0.0

    /// How long what is kept plays, in seconds.
    package var duration: Double { Double(sampleCount) / Double(SpeechStream.sampleRate) }
  }

  /// Why it failed, as a client sees it.
  package struct Failure: Codable, Hashable, Sendable {
    package let code: String
    package let message: String
  }

  /// Who is told when it ends.
  package struct Webhook: Codable, Hashable, Sendable {
    package let url: String
    package var attempts = 0
    package var isDelivered = false
    /// When it is tried again, in seconds since 1970; `nil` when it is not.
    package var nextAttempt: Double?
    /// What the last attempt came to: a status, or a word.
    package var lastOutcome: String?
  }

  package let id: String
  package let idempotencyKey: String?
  package let caller: String
  /// Seconds since 1970.
  package let created: Double
  package var updated: Double
  package var status: Status
  package let order: Order
  package var progress = Progress()
  package var failure: Failure?
  package var result: StoredAudio?
  package var webhook: Webhook?

  package init(
    _ order: Order, caller: String, idempotencyKey: String? = nil, webhook: String? = nil
  ) {
    id = StoredAudio.newID()
    self.order = order
    self.caller = caller
    self.idempotencyKey = idempotencyKey
    created = Date.now.timeIntervalSince1970
    updated = created
    status = .queued
    self.webhook = webhook.map { Webhook(url: $0) }
  }
}

extension Job: FetchableRecord, PersistableRecord {
  package static let databaseTableName = "job"
}
