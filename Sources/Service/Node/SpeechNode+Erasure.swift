import Foundation

extension SpeechNode {
  /// Forgets a person, as the GDPR's article 17 has it: what the log says of them, their jobs with the audio, and
  /// what was counted for them. That something was forgotten stays in the log.
  ///
  /// - Parameter subject: a key's identifier, a token's subject, or an address.
  /// - Returns: how much there was.
  package func erase(subject: String) async throws -> (entries: Int, jobs: Int, usage: Int) {
    var (jobCount, usageCount) = (0, 0)
    for account in Caller.accounts(of: subject) {
      jobCount += try await eraseJobs(of: account)
      usageCount += try await usage.erase(caller: account)
      try await cluster?.queue.forgetDead(of: account)
    }
    let entryCount = try await audit?.log.erase(subject: subject) ?? 0
    return (entryCount, jobCount, usageCount)
  }

  private func eraseJobs(of account: String) async throws -> Int {
    var count = 0
    while true {
      let page = try await jobs.store.jobs(JobQuery(caller: account, limit: 100))
      if page.isEmpty { return count }
      for job in page {
        // Whatever is still under way is ended first, then forgotten.
        if !job.status.isFinal { _ = try await jobs.cancel(job.id) }
        do {
          _ = try await jobs.cancel(job.id)
        } catch JobDesk.Refusal.unknown {
          // It ended by itself in between, and was forgotten the first time.
        }
        count += 1
      }
    }
  }
}
