import Foundation

extension SpeechNode {
  /// Forgets a person, as the GDPR's article 17 has it: what the log says of them, their jobs with the audio, and
  /// what was counted for them. That something was forgotten stays in the log.
  ///
  /// - Parameter subject: a key's identifier, a token's subject, or an address.
  /// - Returns: how much there was.
  package func erase(subject: String) async throws -> (entries: Int, jobs: Int, usage: Int) {
    var jobCount = 0
    while true {
      let page = try await jobs.store.jobs(JobQuery(caller: subject, limit: 100))
      if page.isEmpty { break }
      for job in page {
        // Whatever is still under way is ended first, then forgotten.
        if !job.status.isFinal { _ = try await jobs.cancel(job.id) }
        _ = try await jobs.cancel(job.id)
        jobCount += 1
      }
    }
    try await cluster?.queue.forgetDead(of: subject)
    let usageCount = try await usage.erase(caller: subject)
    let entryCount = try await audit?.log.erase(subject: subject) ?? 0
    return (entryCount, jobCount, usageCount)
  }
}
