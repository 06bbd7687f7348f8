import Hummingbird

/// One thing the service does: a method, a path, and who answers.
struct Route: Sendable {
  let method: HTTPRequest.Method
  let path: String
  let respond: @Sendable (Request, APIContext) async throws -> Response

  init(
    _ method: HTTPRequest.Method, _ path: String,
    respond: @escaping @Sendable (Request, APIContext) async throws -> Response
  ) {
    self.method = method
    self.path = path
    self.respond = respond
  }
}

/// Which methods each path has, to tell a wrong method from a wrong path.
struct RouteTable: Sendable {
  private var methods: [[Substring]: [String]] = [:]

  init(_ routes: [Route]) {
    for route in routes {
      // The router makes HEAD out of GET.
      let names = route.method == .get ? ["GET", "HEAD"] : [route.method.rawValue]
      methods[Self.parts(of: route.path), default: []] += names
    }
  }

  /// Why no route answers a request.
  func refusal(of request: Request) -> APIError {
    guard let allowed = methods[Self.parts(of: request.uri.path)] else { return .notFound }
    return .methodNotAllowed(allowed: allowed)
  }

  /// A path as the router reads it: empty parts do not count.
  private static func parts(of path: String) -> [Substring] {
    path.split(separator: "/")
  }
}
