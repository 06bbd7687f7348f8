/// Greek letters that stand alone, as in formulas.
enum GreekLetters {
  static func rewrite(_ tokens: EnglishTokens, at index: Int) -> Rewrite? {
    let text = tokens[index].text
    guard text.utf8.count == 2, let name = names[text.lowercased()] else { return nil }
    return Rewrite(words: name, end: index + 1)
  }

  private static let names = [
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ζ": "zeta", "η": "eta",
    "θ": "theta", "ι": "iota", "κ": "kappa", "λ": "lambda", "μ": "mu", "ν": "nu", "ξ": "xi",
    "ο": "omicron", "π": "pi", "ρ": "rho", "σ": "sigma", "τ": "tau", "υ": "upsilon", "φ": "phi",
    "χ": "chi", "ψ": "psi", "ω": "omega",
  ]
}
