import Chatterbox
import Logging

extension SpeechNode {
  /// All measurements as they are now, in Prometheus's text exposition.
  package func exposition() async -> String {
    let status = await queueStatus()
    for priority in SpeechPriority.allCases {
      metrics.queueWaiting.set(Double(status.waiting[priority, default: 0]), priority.rawValue)
    }
    metrics.queueRunning.set(Double(status.running))
    metrics.queueCapacity.set(Double(configuration.queue.capacity))
    metrics.device.set(1, engine.configuration.device)
    metrics.process.update()
    _ = await readiness()
    for state in await engine.modelStates {
      metrics.modelLoaded.set(state.loadedBytes > 0 ? 1 : 0, state.name)
      metrics.modelBytes.set(Double(state.loadedBytes), state.name)
    }
    for (status, count) in (try? await jobs.store.counts()) ?? [:] {
      metrics.jobs.set(Double(count), status.rawValue)
    }
    return metrics.registry.exposition
  }

  /// Takes down what an answer cost.
  func measure(
    _ summary: RecordingSummary, _ request: SpeechRequest, of caller: String, by model: String
  ) async {
    await usage.add(
      caller: caller, model: model, characters: request.text.count,
      audioSeconds: summary.timings.duration)
    metrics.firstAudio.observe(summary.timings.firstAudio, model)
    metrics.realTimeFactor.observe(summary.timings.realTimeFactor, model)
    metrics.audioSeconds.add(summary.timings.duration, model)
    metrics.workSeconds.add(summary.timings.total, model)
    metrics.characters.add(Double(request.text.count), model)
  }
}

extension SpeechNode {
  /// Deletes old audio from the storage again and again, until it is cancelled.
  package func cleanStorage() async {
    let hours = configuration.storage.cleanupAfterHours
    guard hours > 0 else { return }
    while !Task.isCancelled {
      let count = await storage.clean(olderThan: .seconds(3_600 * hours))
      if count > 0 { logger.info("audio was deleted", metadata: ["count": "\(count)"]) }
      try? await Task.sleep(for: .seconds(600))
    }
  }
}

extension SpeechNode {
  /// Gives the memory of models back that nobody has used for a time, again and again, until it is cancelled.
  package func unloadIdleModels() async {
    let seconds = configuration.models.unloadAfterSeconds
    guard seconds > 0 else { return }
    while !Task.isCancelled {
      try? await Task.sleep(for: .seconds(min(30, seconds)))
      await engine.unloadIdle(after: .seconds(seconds))
    }
  }
}
