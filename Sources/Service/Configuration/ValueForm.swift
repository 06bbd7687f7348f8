import Foundation
import Redis

/// What a setting's value must look like, and how it is read and written.
struct ValueForm<Value>: Sendable {
  /// What a value must be, in the words of errors and documentation.
  let expected: String
  /// The values there are, where they can be counted.
  var choices: [String] = []
  /// The part of a refused value that is at fault: of a list, the first element that does not fit.
  var culprit: @Sendable (WrittenValue) -> WrittenValue = { $0 }
  let read: @Sendable (WrittenValue) -> Value?
  let write: @Sendable (Value) -> String
}

extension ValueForm<Int> {
  static func wholeNumber(in range: ClosedRange<Int>) -> Self {
    ValueForm(expected: "a whole number from \(range.lowerBound) to \(range.upperBound)") { value in
      guard let number = value.number.flatMap({ Int($0) }), range.contains(number) else { return nil }
      return number
    } write: {
      String($0)
    }
  }
}

extension ValueForm<Double> {
  static let number = ValueForm(expected: "a number") { value in
    value.number.flatMap { Double($0) }.flatMap { $0.isFinite ? $0 : nil }
  } write: {
    String($0)
  }
}

extension ValueForm<String> {
  static let text = ValueForm(expected: "text", read: \.text) { $0 }

  static let host = ValueForm(expected: "a host name or an IP address") { value in
    guard let host = value.text, (1...253).contains(host.utf8.count) else { return nil }
    let isHost = host.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || ".-_:%".contains($0)) }
    return isHost ? host : nil
  } write: {
    $0
  }

  private static let deviceFamilies = ["auto", "cpu", "cuda", "metal", "mps", "vulkan"]

  static let device = ValueForm(
    expected: "auto, cpu, cuda, cuda:N, metal, mps, vulkan or vulkan:N, or a list such as cuda:0,cuda:1",
    choices: deviceFamilies
  ) { value in
    guard let device = value.text?.lowercased() else { return nil }
    if deviceFamilies.contains(device) { return device }
    let isList = device.split(separator: /\ *, */, omittingEmptySubsequences: false).allSatisfy {
      $0.wholeMatch(of: /cpu|metal|mps|(cuda|vulkan)(:[0-9]{1,2})?/) != nil
    }
    return isList ? device : nil
  } write: {
    $0
  }

  static let folder = ValueForm(expected: "the path of a folder") { value in
    guard let path = value.text, !path.isEmpty, !path.contains("\0") else { return nil }
    return NSString(string: path).expandingTildeInPath
  } write: {
    $0
  }
}

extension ValueForm<String> {
  static let bucket = ValueForm(expected: "3 to 63 small letters, digits, '-' or '.'") { value in
    guard let name = value.text,
      name.wholeMatch(of: /[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]/) != nil, !name.contains("..")
    else { return nil }
    return name
  } write: {
    $0
  }
}

extension ValueForm<String> {
  /// What an error must not quote.
  static let secret = ValueForm(
    expected: "text without line breaks, which is not shown here",
    culprit: { WrittenValue(content: .scalar("***", .variable), place: $0.place) }
  ) { value in
    guard let text = value.text ?? value.number, !text.isEmpty, !text.contains(where: \.isNewline) else {
      return nil
    }
    return text
  } write: {
    $0
  }

  static let longSecret = ValueForm(
    expected: "text of 32 characters or more, which is not shown here", culprit: secret.culprit
  ) { value in
    secret.read(value).flatMap { $0.utf8.count >= 32 ? $0 : nil }
  } write: {
    $0
  }

  static let file = ValueForm(expected: "the path of a file", read: folder.read, write: folder.write)

  static let redisAddress = ValueForm(
    expected: "an address such as redis://:password@host:6379/0, without TLS", culprit: secret.culprit
  ) { value in
    value.text.flatMap { RedisAddress($0) == nil ? nil : $0 }
  } write: {
    $0
  }

  static let webAddress = ValueForm(expected: "an address such as http://127.0.0.1:9000") { value in
    guard let text = value.text, let url = URL(string: text), ["http", "https"].contains(url.scheme ?? ""),
      url.host()?.isEmpty == false, url.user() == nil, url.query() == nil
    else { return nil }
    return text
  } write: {
    $0
  }

  /// A word of letters, digits and `-`.
  static let token = ValueForm(expected: "letters, digits and '-'") { value in
    value.text.flatMap { $0.wholeMatch(of: /[A-Za-z0-9-]{1,63}/) == nil ? nil : $0 }
  } write: {
    $0
  }

  static let objectPrefix = ValueForm(expected: "letters, digits, '-', '_' and '/', with a '/' at the end") {
    value in
    guard let text = value.text else { return nil }
    return text.isEmpty || text.wholeMatch(of: /([A-Za-z0-9_-]{1,100}\/){1,8}/) != nil ? text : nil
  } write: {
    $0
  }
}

extension ValueForm<[String]> {
  static let addressRanges = ValueForm(
    expected: "a list of addresses or ranges such as 10.0.0.0/8",
    culprit: { list in list.elements?.first { $0.text.flatMap(AddressRange.init) == nil } ?? list }
  ) { value in
    names.read(value).flatMap { list in list.allSatisfy { AddressRange($0) != nil } ? list : nil }
  } write: {
    names.write($0)
  }

  static let names = ValueForm(expected: "a list of names") { value in
    guard let elements = value.elements else { return nil }
    let names = elements.compactMap(\.text).filter { !$0.isEmpty }
    return names.count == elements.count ? names : nil
  } write: {
    "[\($0.joined(separator: ", "))]"
  }
}

extension ValueForm<[String: String]> {
  /// In a file a mapping; in a variable `alloy=narrator,nova=guide`.
  static let table = ValueForm(expected: "a mapping of names to names") { value in
    if let entries = try? value.entries(of: "") {
      let pairs = entries.compactMap { entry in entry.value.text.map { (entry.key, $0) } }
      return pairs.count == entries.count ? Dictionary(pairs) { first, _ in first } : nil
    }
    guard let elements = value.elements else { return nil }
    let pairs = elements.compactMap { element -> (String, String)? in
      let sides = element.text?.split(separator: "=", maxSplits: 1) ?? []
      return sides.count == 2 ? (String(sides[0]), String(sides[1])) : nil
    }
    return pairs.count == elements.count ? Dictionary(pairs) { first, _ in first } : nil
  } write: {
    "{\($0.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: ", "))}"
  }
}

extension ValueForm<Bool> {
  static let flag = ValueForm(expected: "true or false", choices: ["true", "false"]) { value in
    value.boolean
  } write: {
    $0 ? "true" : "false"
  }
}

extension ValueForm where Value: CaseIterable & RawRepresentable<String> & Sendable {
  static var choice: Self {
    let choices = Value.allCases.map(\.rawValue)
    return ValueForm(expected: "one of \(choices.joined(separator: ", "))", choices: choices) { value in
      value.text.flatMap(Value.init(rawValue:))
    } write: {
      $0.rawValue
    }
  }
}

extension ValueForm {
  static func list<Element>(of form: ValueForm<Element>) -> Self where Value == [Element] {
    let expected = "a list of " + form.choices.joined(separator: ", ")
    let culprit: @Sendable (WrittenValue) -> WrittenValue = { list in
      list.elements?.first { form.read($0) == nil } ?? list
    }
    return ValueForm(expected: expected, choices: form.choices, culprit: culprit) { value in
      guard let elements = value.elements else { return nil }
      let list = elements.compactMap(form.read)
      return list.count == elements.count ? list : nil
    } write: {
      "[\($0.map(form.write).joined(separator: ", "))]"
    }
  }
}
