/// A value of a tokenizer's JSON that knows where it stands, so that an error can say so.
struct JSONNode: Sendable {
  let value: JSONValue
  let file: String
  /// The way from the document's root: `model.vocab`, `added_tokens[3].id`.
  let key: String

  /// A member of an object; `nil` when it is missing or `null`.
  func member(_ name: String) -> JSONNode? {
    guard case .object(let members) = value,
      let member = members.last(where: { $0.key.utf8.elementsEqual(name.utf8) })
    else { return nil }
    if case .null = member.value { return nil }
    return JSONNode(value: member.value, file: file, key: path(to: name))
  }

  /// A member of an object that must be there.
  func requiredMember(_ name: String) throws(TokenizerError) -> JSONNode {
    guard let member = member(name) else { throw .missing(file: file, key: path(to: name)) }
    return member
  }

  /// An object's members, as they are written.
  func members() throws(TokenizerError) -> [(name: String, node: JSONNode)] {
    guard case .object(let members) = value else { throw invalid("an object") }
    return members.map { ($0.key, JSONNode(value: $0.value, file: file, key: path(to: $0.key))) }
  }

  /// An array's elements.
  func elements() throws(TokenizerError) -> [JSONNode] {
    guard case .array(let elements) = value else { throw invalid("an array") }
    return elements.enumerated().map { JSONNode(value: $1, file: file, key: "\(key)[\($0)]") }
  }

  func string() throws(TokenizerError) -> String {
    guard case .string(let string) = value else { throw invalid("a string") }
    return string
  }

  func boolean() throws(TokenizerError) -> Bool {
    guard case .boolean(let boolean) = value else { throw invalid("true or false") }
    return boolean
  }

  /// A token's id: whole, and no larger than any vocabulary.
  func tokenID() throws(TokenizerError) -> Int32 {
    guard case .number(let number) = value, let id = Int32(exactly: number),
      (0..<Vocabulary.idLimit).contains(id)
    else { throw invalid("a whole number below \(Vocabulary.idLimit)") }
    return id
  }

  func invalid(_ expected: String) -> TokenizerError {
    .invalid(file: file, key: String(key.prefix(80)), expected: expected)
  }

  private func path(to name: String) -> String {
    key.isEmpty ? name : "\(key).\(name)"
  }
}
