/// Numbers rounded to three levels each, and read as the digits of a token.
///
/// Source: Mentzer et al., "Finite Scalar Quantization", 2023; `FSQCodebook.encode` in s3tokenizer's
/// `model_v2.py`.
enum FiniteScalarCode {
  /// Digits of a token, the first the least.
  static let digits = 8

  /// The tokens of rows of ``digits`` numbers between −1 and 1.
  static func tokens(_ rows: [Float]) -> [Int32] {
    stride(from: 0, to: rows.count, by: digits).map { first in
      rows[first..<first + digits].reversed().reduce(0) { $0 * 3 + digit($1) }
    }
  }

  private static func digit(_ value: Float) -> Int32 {
    // What is halfway rounds to the even level, the middle one, and so does what is not a number.
    let scaled = value * 0.999
    return scaled > 0.5 ? 2 : scaled < -0.5 ? 0 : 1
  }
}
