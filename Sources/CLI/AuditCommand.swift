import ArgumentParser
import Foundation
import Logging
import Service

/// `chatterbox audit`: what the server wrote down about requests.
struct AuditCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit", abstract: "Verify, export and erase what the server wrote down about requests.",
    subcommands: [Verify.self, Export.self, Erase.self])

  struct Verify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Check that nothing was edited, removed, inserted or reordered.",
      discussion:
        "Ends with status 1 when something was, or when there is no log. Also while the server runs.")

    @Flag(help: "Print JSON.")
    var json = false

    @OptionGroup var options: NodeOptions

    func run() async throws {
      let configuration = try options.load()
      let folders = try NodeFolders(configuration)
      let report = try AuditVerification.verify(
        directory: folders.audit, secret: configuration.security.audit.secret, witness: witness(in: folders),
        isExpected: configuration.security.audit.enabled)
      if json {
        try printJSON(report)
      } else {
        show(report, isKeyed: configuration.security.audit.secret != nil)
      }
      if !report.isIntact { throw ExitCode(1) }
    }

    private func witness(in folders: NodeFolders) -> Data? {
      do {
        return try AuditWitness.sealedHead(at: folders.database)
      } catch {
        Terminal.note("\(error) The log is verified without what it says.")
        return nil
      }
    }

    private func show(_ report: AuditReport, isKeyed: Bool) {
      let range = report.first.flatMap { first in report.last.map { "\(first)–\($0)" } } ?? "none"
      print(
        "\(report.entries) entries (\(range)) in \(report.files) files, \(report.erased) with erased personal data"
      )
      for problem in report.problems {
        let place = [problem.file, problem.line.map { "line \($0)" }, problem.sequence.map { "entry \($0)" }]
        let detail = problem.detail.map { ": \($0)" } ?? ""
        print("\(problem.kind.rawValue): \(place.compactMap { $0 }.joined(separator: ", "))\(detail)")
      }
      guard report.isIntact else {
        return print(
          report.files == 0
            ? "There is NO log, as there should only be before the server's first start."
            : "The log is NOT as it was written: \(report.problemCount) problems.")
      }
      print("The chain holds. Its last hash: \(report.lastHash ?? "none")")
      if !isKeyed {
        Terminal.note(
          "Without security.audit.secret, whoever can write the files could have made another chain.")
      }
    }
  }

  struct Export: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Print entries, oldest first, as JSON lines or CSV.")

    @Option(help: "The first time, such as 2026-11-25T00:00:00Z.")
    var from: String?

    @Option(help: "The time that it ends before.")
    var to: String?

    @Option(help: "Only those of a key's id, a token's subject, or an address.")
    var subject: String?

    @Option(help: "jsonl or csv.")
    var format = "jsonl"

    @OptionGroup var options: NodeOptions

    func validate() throws {
      guard ["jsonl", "csv"].contains(format) else { throw ValidationError("--format is jsonl or csv.") }
      _ = try (time(from, "--from"), time(to, "--to"))
    }

    private func time(_ text: String?, _ option: String) throws -> Date? {
      guard let text else { return nil }
      guard let time = try? Date(text, strategy: .iso8601) else {
        throw ValidationError("\(option) takes a time such as 2026-11-25T00:00:00Z.")
      }
      return time
    }

    func run() async throws {
      let form: AuditExport.Form = format == "csv" ? .csv : .jsonLines
      let output = FileHandle.standardOutput
      try output.write(contentsOf: Data(AuditExport.header(form).utf8))
      let entries = AuditExport.lines(
        directory: try NodeFolders(options.load()).audit, from: try time(from, "--from"),
        to: try time(to, "--to"),
        subject: subject)
      for try await entry in entries {
        try output.write(contentsOf: Data(try AuditExport.text(of: entry, as: form).utf8))
      }
    }
  }

  struct Erase: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Forget a person: their entries' personal data. The chain still holds.",
      discussion:
        "The server must be stopped. While it runs, DELETE /api/v1/audit/subjects/SUBJECT does this, and forgets the person's jobs too."
    )

    @Argument(help: "A key's id, a token's subject, or an address.")
    var subject: String

    @OptionGroup var options: NodeOptions

    func run() async throws {
      let configuration = try options.load()
      let folders = try NodeFolders(configuration)
      let lock = try DataFolderLock(folders.directory)
      defer { withExtendedLifetime(lock) {} }
      let log = try AuditLog(
        directory: folders.audit, configuration: AuditConfiguration(configuration.security.audit),
        logger: Logger(label: "audit"))
      let count = try await log.erase(subject: subject)
      await log.close()
      print("The personal data of \(count) entries is erased.")
    }
  }
}
