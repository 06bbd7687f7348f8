import Foundation
import SwiftProtobuf
import Testing

@testable import Tensor

/// Files that are sound as files, but whose sizes no network has.
@Suite("VITS from a file that lies about its network")
struct VITSHostileStructureTests {
  private typealias Graph = Chatterbox_Onnx_Graph

  private func isRefused(_ edit: (inout Graph) throws -> Void) throws -> Bool {
    var model = try Chatterbox_Onnx_Model(serializedBytes: DamagedVoice.intact)
    try edit(&model.graph)
    do {
      try DamagedVoice.speak(try model.serializedData(), on: Backend(threads: 1))
      return false
    } catch is TensorError {
      return true
    }
  }

  @Test("the file itself is sound")
  func sound() throws {
    #expect(try !isRefused { _ in })
  }

  @Test(
    "an attribute beyond reason is refused",
    arguments: [
      ("/dec/resblocks.0/convs.0/Conv", "dilations"), ("/dec/ups.0/ConvTranspose", "pads"),
      ("/dec/ups.0/ConvTranspose", "strides"), ("/flow/flows.0/enc/in_layers.0/Conv", "dilations"),
    ], [Int64.min, -1, 1 << 31, 1 << 62])
  func attribute(place: (node: String, attribute: String), value: Int64) throws {
    #expect(
      try isRefused { graph in
        let node = try #require(graph.node.firstIndex { $0.name == place.node })
        let attribute = try #require(graph.node[node].attribute.firstIndex { $0.name == place.attribute })
        graph.node[node].attribute[attribute].ints = [value, value]
      })
  }

  @Test(
    "a weight of another rank or with an even number of taps is refused",
    arguments: [
      "enc_p.proj.weight", "enc_p.encoder.ffn_layers.0.conv_1.weight", "flow.flows.0.pre.weight",
      "dp.flows.3.proj.weight", "dp.convs.convs_sep.0.weight", "dec.conv_pre.weight", "dec.conv_post.weight",
      "dec.resblocks.0.convs.0.weight",
    ])
  func shape(of name: String) throws {
    for change in [Change.scalar, .flat, .twoTaps, .noTaps] {
      #expect(
        try isRefused { graph in
          let index = try #require(graph.initializer.firstIndex { $0.name == name })
          change.apply(to: &graph.initializer[index])
        }, "\(name) as \(change)")
    }
  }

  private enum Change {
    case scalar
    case flat
    case twoTaps
    case noTaps

    func apply(to tensor: inout Chatterbox_Onnx_TensorData) {
      let dims = tensor.dims
      switch self {
      case .scalar: tensor.dims = []
      case .flat: tensor.dims = [dims.reduce(1, *)]
      case .twoTaps: tensor.dims = [dims[0], dims[1], 2]
      case .noTaps: tensor.dims = [dims[0], dims[1], 0]
      }
      tensor.floatData = []
      tensor.rawData = Data(count: Int(tensor.dims.reduce(1, *)) * MemoryLayout<Float>.size)
    }
  }
}
