internal import CGGML

/// How the matrices of a network's linear layers are stored; everything else stays in 32-bit floats.
public enum WeightType: String, CaseIterable, Sendable, Codable {
  /// IEEE 754, 32 bits: as the official checkpoints.
  case float32 = "f32"
  /// IEEE 754, 16 bits.
  case float16 = "f16"
  /// The upper half of a 32-bit float.
  case bfloat16 = "bf16"
  /// ggml's blocks of 32 signed bytes and a scale: 8.5 bits a weight.
  case q8_0
  /// ggml's blocks of 32 half bytes and a scale: 4.5 bits a weight.
  case q4_0

  /// Its bytes as a share of 32-bit floats'.
  package var share: Double {
    switch self {
    case .float32: 1
    case .float16, .bfloat16: 0.5
    case .q8_0: 34.0 / 128
    case .q4_0: 18.0 / 128
    }
  }

  var ggml: ggml_type {
    switch self {
    case .float32: GGML_TYPE_F32
    case .float16: GGML_TYPE_F16
    case .bfloat16: GGML_TYPE_BF16
    case .q8_0: GGML_TYPE_Q8_0
    case .q4_0: GGML_TYPE_Q4_0
    }
  }

  /// The type for rows of `columns` elements: a row that blocks do not fit stays in floats.
  func fitting(columns: Int) -> WeightType {
    columns.isMultiple(of: Int(ggml_blck_size(ggml))) ? self : .float32
  }
}
