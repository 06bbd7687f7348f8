import Foundation
import Models
import Tensor
import Testing

@Suite("A mel whose speech tokens are still coming")
struct S3GenStreamTests {
  private static let channels = 80

  /// The frames of pieces of so many tokens, the last one of what is left.
  private func pieces(
    of tokens: [Int32], _ sizes: [Int], by network: S3Gen, voice: S3GenReference
  ) throws -> [[Float]] {
    var stream = S3GenStream(voice: voice, seed: 7)
    var pieces: [[Float]] = []
    var first = 0
    for (turn, size) in (sizes + [tokens.count]).enumerated() {
      let end = turn == sizes.count ? tokens.count : min(first + size, tokens.count)
      let flow = try stream.flow(
        adding: Array(tokens[first..<end]), isLast: turn == sizes.count, by: network)
      first = end
      guard var flow else {
        pieces.append([])
        continue
      }
      while !flow.isDone { try network.advance(&flow) }
      pieces.append(stream.frames(of: flow, channels: Self.channels))
    }
    return pieces
  }

  @Test("in one piece it is the whole mel", arguments: ["standard", "turbo"])
  func onePiece(model: String) throws {
    let (network, voice) = (try S3GenGolden.smallModel(model), try S3GenGolden.voice())
    let tokens = (0..<12).map { Int32($0 * 97) }
    let whole = try network.mel(of: tokens, voice: voice, noise: .seed(7))
    #expect(try pieces(of: tokens, [], by: network, voice: voice) == [whole])
  }

  @Test("every frame comes once; the last three tokens wait for what follows them")
  func counts() throws {
    let (network, voice) = (try S3GenGolden.smallModel("turbo"), try S3GenGolden.voice())
    let tokens = (0..<20).map { Int32($0 * 97) }
    let pieces = try pieces(of: tokens, [2, 1, 6, 0, 5], by: network, voice: voice)
    #expect(pieces.map { $0.count / Self.channels } == [0, 0, 12, 0, 10, 18])
    // The first call that made frames saw nine tokens, the last three of them as context alone.
    var flow = try network.flow(
      of: Array(tokens[..<9]), voice: voice, noise: .seed(7), isWhole: false)
    while !flow.isDone { try network.advance(&flow) }
    #expect(pieces[2] == flow.frames)
  }

  @Test("a long text's past is forgotten, its frames still come once")
  func forgetting() throws {
    let network = try S3GenGolden.smallModel("turbo")
    let voice = try S3GenGolden.voice()
    let count = S3GenStream.mostPastTokens + 120
    let tokens = (0..<count).map { Int32($0 * 31 % 6561) }
    let pieces = try pieces(of: tokens, [S3GenStream.mostPastTokens + 60, 30], by: network, voice: voice)
    #expect(pieces.reduce(0) { $0 + $1.count } == 2 * count * Self.channels)
    #expect(pieces.allSatisfy { $0.allSatisfy(\.isFinite) })
  }

  @Test("nothing at the end is no flow, and a strange token is refused")
  func edges() throws {
    let (network, voice) = (try S3GenGolden.smallModel("turbo"), try S3GenGolden.voice())
    var stream = S3GenStream(voice: voice, seed: 1)
    #expect(try stream.flow(adding: [], isLast: true, by: network) == nil)
    #expect(throws: S3GenError.self) { try stream.flow(adding: [7000], isLast: true, by: network) }
  }

  @Test(
    "at full size: how far pieces are from the whole",
    .enabled(if: ProcessInfo.processInfo.environment["CHATTERBOX_PARITY"] != nil), arguments: ["turbo"])
  func fullSize(model: String) throws {
    let folder = URL(filePath: try #require(ProcessInfo.processInfo.environment["CHATTERBOX_PARITY"]))
    let checkpoints = folder.appending(path: "checkpoints/full/\(model)")
    let network = try S3Gen(
      Checkpoint(path: checkpoints.appending(path: "s3gen_meanflow.safetensors").path), on: Backend())
    let voice = try S3GenGolden.voice(checkpoints.appending(path: "conds.pt").path)
    let golden = try S3GenGolden(path: folder.appending(path: "golden/full/\(model).safetensors").path)
    let whole = try network.mel(of: golden.tokens, voice: voice, noise: .seed(7))
    for sizes in [[24], [24, 48], [12, 24, 48]] {
      let streamed = try pieces(of: golden.tokens, sizes, by: network, voice: voice).flatMap(\.self)
      let error = zip(streamed, whole).reduce(0.0) { $0 + Double(($1.0 - $1.1) * ($1.0 - $1.1)) }
      let mean = whole.reduce(0, +) / Float(whole.count)
      let power = whole.reduce(0.0) { $0 + Double(($1 - mean) * ($1 - mean)) }
      let share = (error / power).squareRoot()
      print(
        "PARITY | S3Gen \(model) in pieces of \(sizes) tokens and the rest | within 0.1 of the deviation | "
          + String(format: "%.4f", share) + " | \(share < 0.1 ? "ok" : "FAIL")")
      #expect(streamed.count == whole.count && share < 0.1)
    }
  }
}
