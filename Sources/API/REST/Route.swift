import Hummingbird
import Service

/// One thing the service does: a method, a path, who may ask for it, and who answers.
struct Route: Sendable {
  let method: HTTPRequest.Method
  let path: String
  /// What a caller must be allowed to; `nil` is open to everybody.
  let scope: AccessScope?
  let respond: @Sendable (Request, APIContext) async throws -> Response

  init(
    _ method: HTTPRequest.Method, _ path: String, for scope: AccessScope?,
    respond: @escaping @Sendable (Request, APIContext) async throws -> Response
  ) {
    self.method = method
    self.path = path
    self.scope = scope
    self.respond = respond
  }
}

/// Which methods each path has, to tell a wrong method from a wrong path.
struct RouteTable: Sendable {
  private let routes: [(parts: [Substring], methods: [String])]

  init(_ routes: [Route]) {
    self.routes = routes.map { route in
      // The router makes HEAD out of GET.
      (Self.parts(of: route.path), route.method == .get ? ["GET", "HEAD"] : [route.method.rawValue])
    }
  }

  /// Why no route answers a request.
  func refusal(of request: Request) -> APIError {
    let asked = Self.parts(of: request.uri.path)
    let methods = routes.filter { Self.matches($0.parts, asked) }.flatMap(\.methods)
    return methods.isEmpty ? .notFound : .methodNotAllowed(allowed: methods)
  }

  /// Whether a path is a route's, whose parameters take anything.
  private static func matches(_ route: [Substring], _ asked: [Substring]) -> Bool {
    route.count == asked.count && zip(route, asked).allSatisfy { $0.hasPrefix(":") || $0 == $1 }
  }

  /// A path as the router reads it: empty parts do not count.
  private static func parts(of path: String) -> [Substring] {
    path.split(separator: "/")
  }
}
