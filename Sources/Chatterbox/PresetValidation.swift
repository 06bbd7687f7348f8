extension Preset {
  /// Checks the preset against the product's schema.
  ///
  /// - Throws: ``ChatterboxError`` that names the field and what it must be.
  public func validate() throws(ChatterboxError) {
    let isNamed =
      !name.isEmpty && name.count <= 64
      && name.allSatisfy { character in
        character.isASCII
          && (character.isLetter || character.isNumber || character == "_" || character == "-")
      }
    guard isNamed else {
      throw ChatterboxError(
        .invalidValue, "A preset's name has 1 to 64 letters, digits, '_' or '-'.", field: "name")
    }
    let models = ["standard", "turbo", "multilingual"]
    guard models.contains(model) else {
      throw .unknown(.invalidValue, "model for a preset", model, among: models, field: "model")
    }
    try parameters.check { field, range in
      "The preset '\(name)' needs \(field) between \(range.lowerBound) and \(range.upperBound)."
    }
  }
}
