package import Foundation

/// A command: its name, and what it is about. Parts are bytes of any length, so nothing can be injected.
package struct RedisCommand: Sendable {
  package let parts: [[UInt8]]

  package init(_ name: String, _ arguments: any RedisArgument...) {
    self.init(name, arguments)
  }

  package init(_ name: String, _ arguments: [any RedisArgument]) {
    parts = [Array(name.utf8)] + arguments.map(\.redisBytes)
  }
}

/// What can be a part of a command.
package protocol RedisArgument: Sendable {
  var redisBytes: [UInt8] { get }
}

extension String: RedisArgument {
  package var redisBytes: [UInt8] { Array(utf8) }
}

extension Int: RedisArgument {
  package var redisBytes: [UInt8] { String(self).redisBytes }
}

extension Double: RedisArgument {
  package var redisBytes: [UInt8] { "\(self)".redisBytes }
}

extension [UInt8]: RedisArgument {
  package var redisBytes: [UInt8] { self }
}

extension Data: RedisArgument {
  package var redisBytes: [UInt8] { Array(self) }
}
