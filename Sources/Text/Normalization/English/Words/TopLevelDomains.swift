/// The domains that make `label.domain` an address even without a scheme.
enum TopLevelDomains {
  /// Whether a label is one of them, all in small or all in capital letters.
  static func contains(_ label: String) -> Bool {
    known.contains(label) || label == label.uppercased() && known.contains(label.lowercased())
  }

  /// Domains that are also English words are left out: a missing blank after a stop is more likely.
  private static let known: Set<String> = [
    "com", "org", "net", "edu", "gov", "mil", "int", "info", "biz", "dev", "app", "xyz", "online", "shop",
    "tech", "io", "ai", "co", "uk", "de", "fr", "jp", "kr", "eu", "ca", "au", "ch", "nl", "se", "dk",
    "es", "pl", "ru", "cn", "br", "tv", "fm", "gg", "nz", "ie", "fi", "cz", "tw", "hk", "sg", "mx", "za",
    "il", "cloud", "blog",
  ]
}
