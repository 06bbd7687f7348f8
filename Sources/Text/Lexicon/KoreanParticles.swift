/// The particles and copulas that Korean writes right after a noun: `서울은`, `서울에서는`.
///
/// Without them no noun of a lexicon would ever be a whole word.
enum KoreanParticles {
  private static let longest = 8

  private static let single: Set<Substring> = [
    "은", "는", "이", "가", "을", "를", "의", "에", "에서", "에게", "에게서", "께", "께서", "한테", "한테서", "로",
    "으로", "로서", "으로서", "로써", "으로써", "와", "과", "랑", "이랑", "하고", "도", "만", "뿐", "부터", "까지",
    "조차", "마저", "처럼", "같이", "만큼", "보다", "마다", "이나", "나", "이라도", "라도", "이라고", "라고", "이라는",
    "라는", "이란", "란", "야", "아", "님", "씨", "들", "이다", "입니다", "입니까", "이에요", "예요", "이며", "이고",
    "이었다", "였다", "이었습니다", "였습니다",
  ]

  /// Whether what follows a noun is nothing but particles, one or two of them.
  static func matches(_ tail: Substring) -> Bool {
    guard tail.prefix(longest + 1).count <= longest else { return false }
    return single.contains(tail)
      || tail.indices.dropFirst().contains { single.contains(tail[..<$0]) && single.contains(tail[$0...]) }
  }
}
