/// What a checkpoint's pickle can hold.
enum PickleValue {
  case none
  case boolean(Bool)
  case integer(Int)
  case number(Double)
  case string(String)
  case tuple([PickleValue], depth: Int)
  case list(PickledList)
  case dictionary(PickledDictionary)
  /// A class or function by its full name, such as `collections.OrderedDict`.
  case global(String)
  case storage(PickledStorage)
  case tensor(PickledTensor)
  /// Something that is no tensor and is not looked into.
  case opaque

  /// The value as a dictionary's key.
  var text: String? {
    switch self {
    case .string(let string): string
    case .integer(let integer): "\(integer)"
    default: nil
    }
  }

  var integer: Int? {
    if case .integer(let value) = self { value } else { nil }
  }

  var tuple: [PickleValue]? {
    if case .tuple(let values, _) = self { values } else { nil }
  }

  /// How many tuples stand one in another.
  var depth: Int {
    if case .tuple(_, let depth) = self { depth } else { 0 }
  }

  /// A tuple of sizes or strides.
  var integers: [Int]? {
    guard let tuple else { return nil }
    let values = tuple.compactMap(\.integer)
    return values.count == tuple.count ? values : nil
  }
}

// Classes, since a pickle fills its containers after it has put references to them elsewhere.
final class PickledList {
  var values: [PickleValue] = []
}

final class PickledDictionary {
  var pairs: [(key: PickleValue, value: PickleValue)] = []
}

/// A pickle as it was read.
struct Pickle {
  let value: PickleValue
  let containers: PickleContainers
}

/// Every list and dictionary of a pickle, so that it can be taken apart piece by piece: a hostile one
/// nests deeper than the stack, or in circles.
final class PickleContainers {
  private var lists: [PickledList] = []
  private var dictionaries: [PickledDictionary] = []

  func list() -> PickleValue {
    let list = PickledList()
    lists.append(list)
    return .list(list)
  }

  func dictionary() -> PickleValue {
    let dictionary = PickledDictionary()
    dictionaries.append(dictionary)
    return .dictionary(dictionary)
  }

  /// Empties all of them.
  func dismantle() {
    for list in lists { list.values = [] }
    for dictionary in dictionaries { dictionary.pairs = [] }
  }

  deinit { dismantle() }
}

/// A storage that a pickle names: a member of the archive.
struct PickledStorage {
  let type: StoredType
  let key: String
}

/// A view of a storage. Offset and strides count elements.
struct PickledTensor {
  let storage: PickledStorage
  let offset: Int
  let shape: [Int]
  let strides: [Int]
}

/// Why a pickle was not read.
struct PickleRefusal: Error {
  let reason: String

  static let damaged = PickleRefusal(reason: "its pickle is truncated or damaged")
}
