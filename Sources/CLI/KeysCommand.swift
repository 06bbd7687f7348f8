import ArgumentParser
import Foundation
import Service

/// `chatterbox keys`: the keys that let others use the server.
struct KeysCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "keys", abstract: "Make, list, rotate and revoke the keys of the server.",
    discussion:
      "A running server knows them within seconds. It asks for them once security.api_key_enabled is true.",
    subcommands: [List.self, Create.self, Rotate.self, Revoke.self], defaultSubcommand: List.self)

  /// Prints a key, alone on standard output, so that a script can take it.
  private static func show(_ made: (key: APIKey, text: String)) {
    Terminal.note("Key \(made.key.id) (\(made.key.name)). Keep it now: it is not shown again.")
    print(made.text)
  }

  /// Turns what is wrong into words.
  private static func explaining<Value>(_ work: () async throws -> Value) async throws -> Value {
    do {
      return try await work()
    } catch let refusal as KeyDesk.Refusal {
      switch refusal {
      case .unknown: throw ValidationError("There is no key of this id: 'chatterbox keys' lists them.")
      case .revoked: throw ValidationError("The key was revoked: make another with 'chatterbox keys create'.")
      case .name: throw ValidationError("A key's name has 1 to 64 letters, digits, spaces or any of -_.@")
      case .noScopes: throw ValidationError("--scopes needs at least one of \(scopeNames).")
      }
    }
  }

  private static let scopeNames = AccessScope.allCases.map(\.rawValue).joined(separator: ", ")

  struct Create: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Make a key, and print it once.")

    @Argument(help: "What it is called, such as the name of the program that will have it.")
    var name: String

    @Option(help: "What it allows: some of speak, read, voices, admin, with commas between.")
    var scopes = "speak,read"

    @Option(help: "How many requests a minute it allows; as the configuration says by default.")
    var requestsPerMinute: Int?

    @Option(help: "How many requests may come at once; as many as in a minute by default.")
    var burst: Int?

    @Option(help: "Days after which it is good for nothing.")
    var expiresInDays: Double?

    @OptionGroup var options: NodeOptions

    func validate() throws {
      if let requestsPerMinute, requestsPerMinute < 0 {
        throw ValidationError("--requests-per-minute takes a number from 0, which is without a limit.")
      }
      if let burst, burst < 1 || requestsPerMinute == nil {
        throw ValidationError("--burst takes a number from 1, beside --requests-per-minute.")
      }
      if let expiresInDays, !(0.001...36_500).contains(expiresInDays) {
        throw ValidationError("--expires-in-days takes a number from 0.001 to 36500.")
      }
      _ = try wishes()
    }

    private func wishes() throws -> Set<AccessScope> {
      try Set(
        scopes.split(separator: ",").map { word in
          guard let scope = AccessScope(rawValue: word.trimmingCharacters(in: .whitespaces)) else {
            throw ValidationError("--scopes takes some of \(KeysCommand.scopeNames), with commas between.")
          }
          return scope
        })
    }

    func run() async throws {
      let limit = requestsPerMinute.map { RateLimit(requestsPerMinute: $0, burst: burst) }
      let keys = try options.keys()
      KeysCommand.show(
        try await KeysCommand.explaining {
          try await keys.create(
            named: name, scopes: try wishes(), limit: limit, expires: expiresInDays.map { .now + $0 * 86_400 }
          )
        })
    }
  }

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "List the keys, without their secrets.")

    @Flag(help: "Print JSON.")
    var json = false

    @OptionGroup var options: NodeOptions

    private struct Shown: Encodable {
      let id: String
      let name: String
      let scopes: [String]
      let created: Date
      let expires: Date?
      let revoked: Date?
      let lastUsed: Date?

      init(_ key: APIKey) {
        (id, name, created, expires) = (key.id, key.name, key.created, key.expires)
        (revoked, lastUsed) = (key.revoked, key.lastUsed)
        scopes = key.scopes.map(\.rawValue).sorted()
      }
    }

    func run() async throws {
      let keys = try await options.keys().keys().map(Shown.init)
      if json { return try printJSON(keys) }
      if keys.isEmpty { Terminal.note("There are no keys: 'chatterbox keys create NAME' makes one.") }
      for key in keys {
        let state =
          key.revoked != nil ? "revoked" : key.expires.map { $0 < .now } == true ? "expired" : "valid"
        let used = key.lastUsed.map { "last used \($0.ISO8601Format())" } ?? "never used"
        let name = key.name.padding(toLength: max(24, key.name.count + 2), withPad: " ", startingAt: 0)
        print("\(key.id)  \(name)\(state), \(key.scopes.joined(separator: " ")), \(used)")
      }
    }
  }

  struct Rotate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Give a key another secret, and print it once. The one before is good for a while.")

    @Argument(help: "The key's id.")
    var id: String

    @Option(help: "Hours that the secret before is still good for.")
    var graceHours = 24.0

    @OptionGroup var options: NodeOptions

    func validate() throws {
      guard (0...720).contains(graceHours) else {
        throw ValidationError("--grace-hours takes a number from 0 to 720.")
      }
    }

    func run() async throws {
      let keys = try options.keys()
      KeysCommand.show(
        try await KeysCommand.explaining { try await keys.rotate(id, grace: .seconds(graceHours * 3_600)) })
    }
  }

  struct Revoke: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Make a key good for nothing, for ever.")

    @Argument(help: "The key's id.")
    var id: String

    @OptionGroup var options: NodeOptions

    func run() async throws {
      let keys = try options.keys()
      let key = try await KeysCommand.explaining { try await keys.revoke(id) }
      Terminal.note("Key \(key.id) (\(key.name)) is good for nothing any more.")
    }
  }
}
