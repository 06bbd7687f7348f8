internal import Tensor

/// A coupling flow of the duration predictor: one channel bends the other by a spline of its own making.
///
/// `ConvFlow` in VITS's `modules.py`.
struct SplineFlow {
  let pre: Convolution
  let convolutions: DilatedDepthSeparable
  let projection: Convolution
  let channels: Int
  let bins: Int

  init(_ reader: VITSReader, channels: Int) throws(TensorError) {
    self.channels = channels
    pre = try reader["pre"].convolution(from: 1, to: channels, taps: 1)
    convolutions = try DilatedDepthSeparable(reader["convs"], channels: channels)
    projection = try reader["proj"].convolution(from: channels, taps: 1)
    let outputs = try reader["proj"].weightShape()[0]
    guard outputs > 2, (outputs + 1) % 3 == 0 else {
      throw reader.unsupported("a spline has \(outputs) parameters, where 3·bins − 1 are expected")
    }
    bins = (outputs + 1) / 3
  }

  /// The flow backwards: `bent` [1, T] straightened, given the other channel [1, T].
  func inverse(_ bent: Tensor, given other: Tensor, condition: Tensor) -> Tensor {
    let parameters = convolutions(other.convolved(pre) + condition).convolved(projection)
    let normalizer = 1 / Float(channels).squareRoot()
    return RationalQuadraticSpline(
      widths: parameters.slice(0, 0..<bins).contiguous() * normalizer,
      heights: parameters.slice(0, bins..<2 * bins).contiguous() * normalizer,
      derivatives: parameters.slice(0, 2 * bins..<3 * bins - 1).contiguous()
    ).inverse(bent)
  }
}

/// A monotonic spline of rational quadratic pieces over −5…5, the identity outside.
///
/// Source: Durkan et al., "Neural Spline Flows", 2019, equations 4–8 and appendix A.1;
/// `unconstrained_rational_quadratic_spline` in VITS's `transforms.py`.
struct RationalQuadraticSpline {
  /// Unnormalised widths and heights of the bins, [B, T] each.
  let widths: Tensor
  let heights: Tensor
  /// Unnormalised derivatives where bins meet, [B − 1, T].
  let derivatives: Tensor

  private static let bound: Float = 5
  private static let smallestBin: Float = 1e-3
  private static let smallestDerivative: Float = 1e-3

  /// The x of every y, [1, T] → [1, T].
  func inverse(_ y: Tensor) -> Tensor {
    let (left, width, _) = Self.bins(widths)
    let (bottom, height, top) = Self.bins(heights)
    let inner = derivatives.softplus() + (Self.smallestDerivative - 1)
    let leftSlope = inner.padded(0, before: 1, after: 0) + 1
    let rightSlope = inner.padded(0, before: 0, after: 1) + 1

    // Just inside the bounds, so that every element has exactly one bin.
    let inside = y.clamped(-Self.bound * 0.99999, Self.bound * 0.99999)
    let spread = inside.repeated(like: bottom)
    let isInBin = (spread - bottom).step() - (spread - top).step()
    let ofBin = { (values: Tensor) in (isInBin * values).sumOfRows() }

    let (h, d0, d1) = (ofBin(height), ofBin(leftSlope), ofBin(rightSlope))
    let slope = h / ofBin(width)
    let rise = inside - ofBin(bottom)
    let bend = rise * (d0 + d1 - slope * 2)
    let a = bend + h * (slope - d0)
    let b = h * d0 - bend
    let c = -(slope * rise)
    let root = c * 2 / (-b - (b.squared() - a * c * 4).squareRoot())
    let x = root * ofBin(width) + ofBin(left)

    let isInside = (y + Self.bound).step() * (-(y - Self.bound)).step()
    return y + isInside * (x - y)
  }

  /// The lower edge, the size and the upper edge of every bin, [B, T] each.
  private static func bins(_ unnormalized: Tensor) -> (Tensor, Tensor, Tensor) {
    let count = unnormalized.size(0)
    let shares = unnormalized.softmax() * (1 - smallestBin * Float(count)) + smallestBin
    let upper = shares.cumulativeSum()
    // The lower edge of a bin is the upper edge of the one before to the last bit: no gap, no overlap.
    let lower = upper.slice(0, 0..<count - 1).contiguous().padded(0, before: 1, after: 0)
    return (lower * (2 * bound) - bound, shares * (2 * bound), upper * (2 * bound) - bound)
  }
}
