/// URLs, e-mail addresses, domain and file names, said sign by sign: `example.com/path`.
enum WebAddresses {
  static func rewrite(_ tokens: EnglishTokens, at index: Int) -> Rewrite? {
    guard tokens.startsExpression(at: index), joiners.contains(tokens[index + 1].text) else { return nil }
    let end = end(of: tokens, from: index)
    guard end > index + 2 else { return nil }
    let address = index..<end
    if let start = afterScheme(tokens, in: address) {
      return Rewrite(words: AddressWords.spoken(tokens, in: start..<end), end: end)
    }
    guard isEMail(tokens, in: address) || isDomain(tokens, in: address) || isFile(tokens, in: address) else {
      return nil
    }
    return Rewrite(words: AddressWords.spoken(tokens, in: address), end: end)
  }

  /// `/usr/bin`, `~/notes.txt`, `./run`
  static func rewritePath(_ tokens: EnglishTokens, at index: Int) -> Rewrite? {
    guard tokens.isSymbol(in: ["/", "~", "."], at: index), tokens.startsExpression(at: index) else {
      return nil
    }
    let slash = tokens.isSymbol("/", at: index) ? index : index + 1
    guard tokens.isSymbol("/", at: slash), tokens.word(at: slash + 1) != nil else { return nil }
    let end = end(of: tokens, from: index)
    return Rewrite(words: AddressWords.spoken(tokens, in: index..<end), end: end)
  }

  /// What must stand after the first word of an address.
  private static let joiners: Set<String> = [".", ":", "@", "-", "_", "/", "+"]

  private static let signs: Set<String> = [
    ".", ":", "/", "@", "-", "_", "~", "%", "?", "#", "&", "=", "+", ";", ",", "!", "$",
  ]

  private static let trailing: Set<String> = [".", ",", ":", ";", "!", "?", "-", "&", "="]

  /// The end of what could be an address, without the marks of the sentence around it.
  private static func end(of tokens: EnglishTokens, from index: Int) -> Int {
    var end = index
    while tokens.isWordOrDigits(at: end) || tokens.isSymbol(in: signs, at: end) { end += 1 }
    while end > index, tokens.isSymbol(in: trailing, at: end - 1) { end -= 1 }
    return end
  }

  /// Where the host begins after `https://` or `mailto:`.
  private static func afterScheme(_ tokens: EnglishTokens, in address: Range<Int>) -> Int? {
    guard let scheme = tokens.word(at: address.lowerBound)?.lowercased(),
      tokens.isSymbol(":", at: address.lowerBound + 1)
    else { return nil }
    if scheme == "mailto" { return address.lowerBound + 2 }
    let isScheme = ["http", "https", "ftp", "ftps", "sftp", "ws", "wss", "file", "ssh", "git"].contains(
      scheme)
    let start = address.lowerBound + 4
    guard isScheme, start < address.upperBound, tokens.isSymbol("/", at: start - 2),
      tokens.isSymbol("/", at: start - 1)
    else { return nil }
    return start
  }

  private static func isEMail(_ tokens: EnglishTokens, in address: Range<Int>) -> Bool {
    let ats = address.filter { tokens.isSymbol("@", at: $0) }
    guard ats.count == 1, let at = ats.first, at > address.lowerBound else { return false }
    return tokens.isWordOrDigits(at: at + 1)
      && (at + 1..<address.upperBound).contains { tokens.isSymbol(".", at: $0) }
  }

  /// `www.` anything, or labels of which the last is a known domain.
  private static func isDomain(_ tokens: EnglishTokens, in address: Range<Int>) -> Bool {
    let hostEnd = address.first { tokens.isSymbol(in: ["/", ":", "?", "#"], at: $0) } ?? address.upperBound
    let host = address.lowerBound..<hostEnd
    guard host.count >= 3, tokens.isSymbol(".", at: hostEnd - 2), isHost(tokens, in: host) else {
      return false
    }
    if tokens[host.lowerBound].text.lowercased() == "www" { return true }
    return tokens.word(at: hostEnd - 1).map(TopLevelDomains.contains) ?? false
  }

  private static func isHost(_ tokens: EnglishTokens, in host: Range<Int>) -> Bool {
    host.allSatisfy { tokens.isWordOrDigits(at: $0) || tokens.isSymbol(in: [".", "-"], at: $0) }
      && !host.contains { tokens.isSymbol(".", at: $0) && tokens.isSymbol(".", at: $0 + 1) }
  }

  /// A name, perhaps with folders, that ends with a known extension.
  private static func isFile(_ tokens: EnglishTokens, in address: Range<Int>) -> Bool {
    let last = address.upperBound - 1
    let (digits, point) = tokens.digits(at: last) == nil ? ("", last - 1) : (tokens[last].text, last - 2)
    guard point > address.lowerBound, tokens.isSymbol(".", at: point), let word = tokens.word(at: point + 1)
    else {
      return false
    }
    return FileExtensions.spoken(word + digits) != nil
      && !address.contains { tokens.isSymbol(in: ["@", ",", ";", "?", "!"], at: $0) }
  }
}
