import Foundation
import Testing

@Suite("chatterbox models pull, import, use, verify, remove")
struct ModelsTests {
  private var program: CommandLineProgram

  init() throws {
    program = try CommandLineProgram()
    program.environment["CHATTERBOX_MODELS_CACHE_DIR"] = program.folder.url.appending(path: "models").path
  }

  /// Writes a fine-tuned Turbo of a few bytes.
  private func writeModel(_ t3: String) throws {
    let folder = program.folder.url.appending(path: "trained")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    for name in [
      "t3_mine.safetensors", "s3gen_meanflow.safetensors", "ve.safetensors", "vocab.json", "merges.txt",
    ] {
      try Data((name.hasPrefix("t3") ? t3 : name).utf8).write(to: folder.appending(path: name))
    }
  }

  private func importModel() async throws -> String {
    let result = try await program.run("models", "import", "trained", "--name", "narrator")
    #expect(result.status == 0, "\(result.error)")
    return String(result.text.dropFirst("narrator ".count).dropLast())
  }

  @Test("A model is imported, listed, chosen, checked and removed")
  func life() async throws {
    try writeModel("one")
    let first = try await importModel()
    try writeModel("two")
    let second = try await importModel()
    #expect(first != second)
    let list = try await program.run("models", "list")
    #expect(list.text.contains("✓ narrator"))
    #expect(list.text.contains("→ \(second)"))
    #expect(list.text.contains("(custom)"))
    #expect(try await program.run("models", "use", "narrator", first).status == 0)
    #expect(try await program.run("models").text.contains("→ \(first)"))
    #expect(try await program.run("models", "verify").text.contains("✓ narrator \(first)"))

    let file = program.folder.url.appending(path: "models/narrator/\(first)/vocab.json")
    try Data("vocab.jsoN".utf8).write(to: file)
    let verification = try await program.run("models", "verify", "narrator")
    #expect(verification.status == 1)
    #expect(verification.text.contains("✗ narrator \(first): vocab.json is changed"))
    #expect(try await program.run("models", "remove", "narrator").status == 0)
    #expect(try await !program.run("models").text.contains("narrator"))
  }

  @Test("models list --json shows versions")
  func json() async throws {
    try writeModel("one")
    let version = try await importModel()
    let result = try await program.run("models", "list", "--json")
    let models = try #require(try JSONSerialization.jsonObject(with: result.output) as? [[String: Any]])
    let model = try #require(models.first { $0["name"] as? String == "narrator" })
    let versions = try #require(model["versions"] as? [[String: Any]])
    #expect(versions.map { $0["version"] as? String } == [version])
    #expect(versions.map { $0["kind"] as? String } == ["turbo"])
    #expect(versions.map { $0["custom"] as? Bool } == [true])
  }

  @Test(
    "Mistakes end with one line that says what to do",
    arguments: [
      (["pull", "trubo"], "Did you mean 'turbo'?"), (["pull", "../../etc"], "There is no model"),
      (["pull", "turbo", "--name", "../x"], "cannot be a model's name"),
      (["pull", "turbo", "--revision", "../x"], "cannot be a branch"),
      (["import", "nowhere", "--name", "x"], "no such folder"), (["remove", "turbo"], "No model 'turbo'"),
      (["use", "turbo", "1"], "No model 'turbo'"), (["verify", "turbo"], "No model 'turbo'"),
    ])
  func mistakes(_ arguments: [String], message: String) async throws {
    let result = try await program.run(["models"] + arguments, input: Data())
    #expect(result.status != 0)
    #expect(result.output.isEmpty)
    #expect(result.errorLines.count == 1)
    #expect(result.error.contains(message), "\(result.error)")
  }

  @Test("A hub address that is none is named")
  func endpoint() async throws {
    var program = program
    program.environment["HF_ENDPOINT"] = "huggingface"
    #expect(try await program.run("models", "pull", "turbo").error.contains("HF_ENDPOINT"))
  }
}
