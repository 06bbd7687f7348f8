/// What the parameters of requests and presets may be: the one place that says it.
///
/// Source: the product document's preset schema (Appendix B).
enum ParameterRange {
  static let exaggeration = 0.0...2.0
  static let cfgWeight = 0.0...1.0
  static let speed = 0.5...2.0

  /// Checks the parameters that are given.
  ///
  /// - Parameter message: the error's words for a field, by its JSON name, and its range.
  /// - Throws: ``ChatterboxError`` that names the first field at fault.
  static func check(
    exaggeration: Double?, cfgWeight: Double?, speed: Double?,
    message: (_ field: String, _ range: ClosedRange<Double>) -> String
  ) throws(ChatterboxError) {
    let parameters = [
      ("exaggeration", exaggeration, Self.exaggeration), ("cfg_weight", cfgWeight, Self.cfgWeight),
      ("speed", speed, Self.speed),
    ]
    for case (let field, let value?, let range) in parameters where !range.contains(value) {
      throw ChatterboxError(.invalidValue, message(field, range), field: field)
    }
  }
}
