import Foundation
import Tensor
import Testing

@Suite("Checkpoint on hostile files")
struct CheckpointHostileTests {
  private func expectUnreadable(
    _ bytes: Data, because reason: String = "", sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let error = #expect(throws: TensorError.self, sourceLocation: sourceLocation) { try checkpoint(bytes) }
    guard case .unreadableFile("weights.safetensors", let found) = error else {
      Issue.record(
        "expected .unreadableFile, got \(String(describing: error))", sourceLocation: sourceLocation)
      return
    }
    #expect(reason.isEmpty || found.contains(reason), sourceLocation: sourceLocation)
  }

  private func expectRefused(pickle: [UInt8], because reason: String = "damaged") {
    expectUnreadable(CheckpointFiles.torch(pickle: pickle), because: reason)
  }

  @Test(
    "a file that is missing, a folder or a device is refused",
    arguments: ["/nowhere", "/tmp", "", "/dev/zero"])
  func missing(path: String) {
    #expect(throws: TensorError.self) { try Checkpoint(path: path) }
  }

  @Test("a file that is empty or something else is refused")
  func somethingElse() {
    expectUnreadable(Data(), because: "empty")
    expectUnreadable(Data("short".utf8), because: "too short")
    expectUnreadable(Data("<!DOCTYPE html><html>404</html>".utf8))
    expectUnreadable(Data(repeating: 0xFF, count: 10_000))
    expectUnreadable(Data("PK\u{3}\u{4} and more".utf8))
    expectUnreadable(CheckpointFiles.zip([("readme.txt", [1, 2, 3])]), because: "not one of PyTorch")
  }

  @Test(
    "a safetensors header that lies about sizes is refused",
    arguments: [
      (#"{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,12]}}"#, "other bytes"),
      (#"{"a":{"dtype":"F32","shape":[5],"data_offsets":[0,20]}}"#, "outside the file"),
      (#"{"a":{"dtype":"F32","shape":[4],"data_offsets":[-16,0]}}"#, "other bytes"),
      (
        #"{"a":{"dtype":"F32","shape":[4],"data_offsets":[9223372036854775800,9223372036854775807]}}"#,
        "other"
      ),
      (#"{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}}"#, "other bytes"),
      (#"{"a":{"dtype":"F32","shape":[-4],"data_offsets":[0,16]}}"#, "other bytes"),
      (#"{"a":{"dtype":"X32","shape":[4],"data_offsets":[0,16]}}"#, "X32"),
      (#"{"a":{"dtype":"F32","shape":[4],"data_offsets":[0]}}"#, "header"),
      (#"{"a":7}"#, "header"), ("[]", "header"), ("{", "header"),
    ])
  func lyingHeader(header: String, reason: String) {
    expectUnreadable(CheckpointFiles.safetensors(header, [UInt8](repeating: 0, count: 16)), because: reason)
  }

  @Test("a safetensors header longer than the file or than any header is refused")
  func headerLength() {
    for length in [UInt64(1000), 1 << 40, .max] {
      expectUnreadable(CheckpointFiles.safetensors("{}", length: length), because: "truncated")
    }
  }

  @Test("a tensor that reaches outside its storage is refused, a tensor inside is read")
  func storageBounds() throws {
    let torch = { (offset: Int32, shape: [Int32], strides: [Int32]) in
      CheckpointFiles.torch(
        pickle: CheckpointFiles.tensorPickle(offset: offset, shape: shape, strides: strides))
    }
    #expect(try checkpoint(torch(0, [2, 2], [2, 1])).tensor("weight").values == [0, 0, 0, 0])
    for (offset, shape, strides) in [
      (Int32(1), [Int32(2), 2], [Int32(2), 1]), (0, [5], [1]), (0, [2], [4]), (-1, [2], [1]), (0, [2], [-1]),
      (.max, [1], [1]), (0, [.max, .max, .max], [1, 1, 1]), (0, [2, 2], [1]), (0, [-2], [1]),
    ] {
      expectUnreadable(torch(offset, shape, strides), because: "outside its storage")
    }
  }

  @Test("a pickle that wants to call something is refused, and nothing is called")
  func call() {
    let command = CheckpointFiles.global("os", "system") + CheckpointFiles.text("touch /tmp/called")
    expectRefused(pickle: [0x80, 2] + command + [0x85] + Array("R.".utf8), because: "os.system")
    expectRefused(
      pickle: CheckpointFiles.global("builtins", "eval") + Array(")R.".utf8), because: "builtins.eval")
    expectRefused(
      pickle: CheckpointFiles.global("a", "b") + [UInt8(ascii: ")"), 0x81, UInt8(ascii: ".")],
      because: "more than hold tensors")
    expectRefused(pickle: Array("i".utf8), because: "more than hold tensors")
  }

  @Test("a pickle that is damaged, endless or deeply nested is refused without harm")
  func damagedPickle() {
    expectRefused(pickle: [])
    expectRefused(pickle: Array("(((((".utf8))
    expectRefused(pickle: Array("t.".utf8))
    expectRefused(pickle: Array("h\u{5}.".utf8))
    expectRefused(pickle: Array("X".utf8) + [0xFF, 0xFF, 0xFF, 0x7F])
    expectRefused(pickle: Array("N".utf8) + [UInt8](repeating: 0x85, count: 1_000_000) + Array(".".utf8))
  }

  @Test("lists within lists, 200,000 deep, are taken apart without a stack overflow")
  func deepLists() throws {
    // Every round: a new list, put into the one before, and then worked on.
    let rounds = [UInt8](repeating: 0, count: 200_000).flatMap { _ in Array("]q\u{1}ah\u{1}".utf8) }
    let pickle = Array("]]q\u{1}ah\u{1}".utf8) + rounds + Array(".".utf8)
    _ = try? checkpoint(CheckpointFiles.torch(pickle: pickle))
  }

  @Test("dictionaries that hold each other in circles, or the same one over and over, come to an end")
  func circles() {
    let circle = Array("}q\u{1}".utf8) + CheckpointFiles.text("a") + Array("h\u{1}s.".utf8)
    expectRefused(pickle: circle, because: "nested too deeply")
    var doubling = Array("]q\u{0}".utf8)
    for level in UInt8(0)..<14 {
      doubling +=
        Array("](".utf8) + [UInt8](repeating: 0, count: 8).flatMap { _ in [UInt8(ascii: "h"), level] }
      doubling += Array("eq".utf8) + [level + 1]
    }
    expectRefused(pickle: doubling + Array(".".utf8), because: "nested too deeply")
  }

  @Test("no change of a byte and no cut makes a reader fail otherwise than with an error")
  func fuzz() throws {
    let valid = [
      try Data(contentsOf: CheckpointFiles.fixtures.appending(path: "nested.pt")),
      CheckpointFiles.safetensors(
        #"{"a":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]}}"#, CheckpointFiles.bytes([1, 2, 3, 4])),
    ]
    var generator = SeededGenerator(seed: 7)
    for round in 0..<600 {
      var bytes = valid[round % valid.count]
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        bytes[Int.random(in: 0..<bytes.count, using: &generator)] = .random(in: 0...255, using: &generator)
      }
      if round % 3 == 0 { bytes = bytes.prefix(Int.random(in: 0..<bytes.count, using: &generator)) }
      guard let file = try? checkpoint(bytes) else { continue }
      for key in file.keys { _ = try? file.tensor(key) }
    }
  }
}
