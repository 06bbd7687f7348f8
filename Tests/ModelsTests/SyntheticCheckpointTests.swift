import Foundation
import Testing

@Suite("SyntheticCheckpoint")
struct SyntheticCheckpointTests {
  @Test("a name gives the values that Python's portable_random gives")
  func pinned() {
    #expect(PortableRandom.seed(of: "t3_cfg/speech_emb.weight") == 0x2081_718C_844F_2FAF)
    #expect(
      PortableRandom.uniform("t3_cfg/speech_emb.weight", count: 5, mean: 0, halfWidth: 1.7320507764816284)
        == [
          -0.03440394625067711, -0.14119258522987366, -1.0221412181854248, -1.2643401622772217,
          0.9781250357627869,
        ])
    #expect(
      PortableRandom.uniform("a", count: 3, mean: 1.25, halfWidth: 0.7) == [
        1.0704232454299927, 1.947371244430542, 1.9389491081237793,
      ])
    #expect(
      PortableRandom.gaussian("end_to_end/turbo/hift_noise", count: 4) == [
        1.112134575843811, -0.607184648513794, -1.5605969429016113, -0.06558430194854736,
      ])
  }

  /// SHA-256 is not in Foundation; FNV-1a over the sorted tensors' bytes tells files apart as well.
  @Test(
    "every tensor of a list equals the one in Python's file",
    arguments: [
      ("ve", UInt64(0x002434fa52d595e5)), ("t3_nano_v1", 0xfe41ddcbd906cafd), ("t3_cfg", 0x1cb772c8f120b9ac),
    ])
  func wholeFile(list: String, hash: UInt64) throws {
    let checkpoint = try SyntheticCheckpoint.named(list)
    let bytes = checkpoint.tensors.sorted { $0.name < $1.name }.map { $0.bytes(seed: checkpoint.seed) }
    #expect(bytes.reduce(0xCBF2_9CE4_8422_2325) { fnv($0, $1) } == hash)
  }

  @Test("a list becomes a safetensors file whose header covers exactly its values")
  func layout() throws {
    let checkpoint = try SyntheticCheckpoint.named("s3gen_meanflow")
    let file = try checkpoint.safetensors()
    let length = file.withUnsafeBytes { Int($0.loadUnaligned(as: UInt64.self)) }
    let header = try JSONDecoder().decode([String: Header].self, from: file[8..<8 + length])
    #expect(header.count == checkpoint.tensors.count)
    #expect(header.values.map(\.offsets[1]).max() == file.count - 8 - length)
    #expect(header["flow.input_embedding.weight"]?.shape == [6561, 128])
    let counter = header["speaker_encoder.head.bn1.num_batches_tracked"]
    #expect(counter?.dtype == "I64" && counter?.shape == [])
  }

  private struct Header: Decodable {
    let dtype: String
    let shape: [Int]
    let offsets: [Int]

    enum CodingKeys: String, CodingKey {
      case dtype
      case shape
      case offsets = "data_offsets"
    }
  }

  private func fnv(_ state: UInt64, _ data: Data) -> UInt64 {
    data.withUnsafeBytes { $0.reduce(state) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 } }
  }
}
