import Foundation
import Testing

@testable import Text

@Suite("Tokenizer files that are wrong")
struct TokenizerFileTests {
  /// A folder of a test's own with one file in it.
  @discardableResult
  private func withFile<Result>(
    _ name: String, _ text: String, _ body: (URL) throws -> Result
  ) throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: name)
    try Data(text.utf8).write(to: file)
    return try body(file)
  }

  private func error(of text: String) throws -> TokenizerError? {
    try withFile("t.json", text) { file in
      #expect(throws: TokenizerError.self) { try GraphemeTokenizer(contentsOf: file) }
    }
  }

  /// A small tokenizer that works.
  private static let good = """
    {"added_tokens": [{"id": 0, "content": "[STOP]"}, {"id": 4, "content": "[START]"}],
     "pre_tokenizer": {"type": "Whitespace"},
     "model": {"type": "BPE", "unk_token": "?", "vocab": {"[STOP]": 0, "a": 1, "aa": 2, "?": 3},
     "merges": ["a a"]}}
    """

  @Test("the file that the damaged ones are made of works")
  func goodFile() throws {
    let tokens = try withFile("t.json", Self.good) { file in
      try GraphemeTokenizer(contentsOf: file).tokens(of: "aaab[STOP]").tokens
    }
    #expect(tokens == [2, 1, 3, 0])
  }

  @Test(
    "a value that cannot be used is named by its key",
    arguments: [
      ("\"a\": 1", "\"a\": -1", "model.vocab.a"), ("\"a\": 1", "\"a\": 1e9", "model.vocab.a"),
      ("\"a\": 1", "\"a\": 1.5", "model.vocab.a"), ("\"a\": 1", "\"a\": \"1\"", "model.vocab.a"),
      ("\"aa\": 2", "\"aa\": 1", "model.vocab.aa"), ("\"aa\": 2", "\"a\": 2", "model.vocab.a"),
      ("a a", "a b", "model.merges[0]"), ("a a", "a", "model.merges[0]"),
      ("[\"a a\"]", "[[\"a\"]]", "model.merges[0]"), ("[\"a a\"]", "7", "model.merges"),
      ("\"?\",", "\"!\",", "model.unk_token"), ("\"Whitespace\"", "\"Metaspace\"", "pre_tokenizer.type"),
      ("\"BPE\"", "\"Unigram\"", "model.type"), ("\"id\": 4", "\"id\": 2", "added_tokens[1]"),
      ("\"id\": 0", "\"id\": 9", "added_tokens[0]"), ("\"[START]\"", "\"\"", "added_tokens[1]"),
      ("{\"added", "{\"normalizer\": {\"type\": \"NFC\"}, \"added", "normalizer"),
      ("\"BPE\"", "\"BPE\", \"byte_fallback\": true", "model.byte_fallback"),
      ("\"BPE\"", "\"BPE\", \"dropout\": 0.1", "model.dropout"),
      (
        "{\"added",
        "{\"post_processor\": {\"type\": \"TemplateProcessing\", \"special_tokens\": {\"a\": 1}}, \"added",
        "post_processor.special_tokens"
      ),
    ])
  func invalid(part: String, damaged: String, key: String) throws {
    let text = Self.good.replacing(part, with: damaged, maxReplacements: 1)
    #expect(text != Self.good)
    guard case .invalid(let file, let found, _) = try error(of: text) else {
      Issue.record("expected an invalid key")
      return
    }
    #expect(file == "t.json")
    #expect(found == key)
  }

  @Test(
    "a missing key is named",
    arguments: [
      ("\"vocab\"", "model.vocab"), ("\"merges\"", "model.merges"), ("\"model\"", "model"),
      ("\"pre_tokenizer\"", "pre_tokenizer"), ("\"unk_token\"", "model.unk_token"),
      ("[START]", "added token [START]"),
    ])
  func missing(part: String, key: String) throws {
    let text = Self.good.replacing(part, with: part.hasPrefix("\"") ? "\"other\"" : "other")
    #expect(try error(of: text) == .missing(file: "t.json", key: key))
  }

  @Test("a file cut off at any byte is an error, not a crash")
  func truncated() throws {
    let bytes = Array(Self.good.utf8)
    for length in 0..<bytes.count - 1 {
      var parser = JSONParser(Array(bytes[..<length]))
      #expect(throws: JSONParser.Failure.self) { try parser.document() }
    }
  }

  @Test(
    "what is no JSON is refused",
    arguments: [
      "", " ", "{", "[1,]", "{\"a\" 1}", "{a: 1}", "[01]", "[+1]", "[1e999]", "[--1]", "[.]", "nul", "[tru]",
      "\"\\ud800\"", "\"\\ud800\\u0041\"", "\"\\udc00\"", "\"\\u12\"", "\"\\u+123\"", "\"\\x\"", "\"a\nb\"",
      "1 2", "\"\u{1}\"", "{\"a\": 1 \"b\": 2}", String(repeating: "[", count: 100_000),
      String(repeating: "{\"a\":", count: 100_000),
    ])
  func notJSON(text: String) throws {
    var parser = JSONParser(Array(text.utf8))
    #expect(throws: JSONParser.Failure.self) { try parser.document() }
  }

  @Test("bytes that are no UTF-8 are refused")
  func notUTF8() {
    var parser = JSONParser([0x22, 0xFF, 0x22])
    #expect(throws: JSONParser.Failure.self) { try parser.document() }
  }

  @Test("escapes are read, and canonically equivalent keys stay apart")
  func escapes() throws {
    var parser = JSONParser(
      Array(#"{"\u00e9": "\ud83d\ude00\n\"", "e\u0301": [0, -0.5, 1e2, true, null]}"#.utf8))
    let node = JSONNode(value: try parser.document(), file: "", key: "")
    #expect(try node.members().count == 2)
    #expect(try node.requiredMember("\u{E9}").string() == "😀\n\"")
    #expect(try node.requiredMember("e\u{301}").elements().count == 5)
  }

  @Test("more values than any tokenizer has are refused before they fill the memory")
  func tooManyValues() {
    var parser = JSONParser(Array(("[" + String(repeating: "1,", count: 3_000_000) + "1]").utf8))
    #expect(throws: JSONParser.Failure.self) { try parser.document() }
  }

  @Test("a folder, a device and a missing file are no tokenizer", arguments: ["/", "/dev/zero", "/nowhere"])
  func notAFile(path: String) {
    #expect(throws: TokenizerError.self) { try GraphemeTokenizer(contentsOf: URL(filePath: path)) }
  }

  @Test("a file larger than any tokenizer is not read")
  func tooLarge() throws {
    try withFile("t.json", "") { file in
      #expect(truncate(file.path, TokenizerFile.sizeLimit + 1) == 0)
      #expect(throws: TokenizerError.tooLarge(file: "t.json", limit: TokenizerFile.sizeLimit)) {
        try GraphemeTokenizer(contentsOf: file)
      }
    }
  }

  @Test("a byte-level file is no grapheme tokenizer, nor the other way round")
  func wrongKind() throws {
    let single = TokenizerFixtures.single.appending(path: "tokenizer.json")
    #expect(throws: TokenizerError.self) { try GraphemeTokenizer(contentsOf: single) }
    try withFile("tokenizer.json", Self.good) { file in
      #expect(throws: TokenizerError.self) {
        try ByteLevelTokenizer(folder: file.deletingLastPathComponent())
      }
    }
  }

  @Test("an error names the file but not its folder")
  func description() {
    let url = URL(filePath: "/secret/place/tokenizer.json")
    let error = #expect(throws: TokenizerError.self) { try GraphemeTokenizer(contentsOf: url) }
    #expect(error?.description.contains("tokenizer.json") == true)
    #expect(error?.description.contains("secret") == false)
  }
}
