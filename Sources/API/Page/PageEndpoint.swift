import Crypto
import Foundation
import HTTPTypes
import Hummingbird

/// `GET /`: a page on which a person can type and listen; and the documents beside it.
struct PageEndpoint: Sendable {
  /// A file that is part of the program.
  private struct Asset: Sendable {
    let path: String
    let type: String
    let bytes: [UInt8]

    var tag: String {
      "\"" + SHA256.hash(data: bytes).prefix(12).map { String(format: "%02x", $0) }.joined() + "\""
    }
  }

  private static let assets = [
    Asset(path: "/", type: "text/html; charset=utf-8", bytes: PackageResources.page_html),
    Asset(path: "/page.css", type: "text/css; charset=utf-8", bytes: PackageResources.page_css),
    Asset(path: "/page.js", type: "text/javascript; charset=utf-8", bytes: PackageResources.page_js),
    Asset(path: "/openapi.json", type: "application/json", bytes: PackageResources.openapi_json),
  ]

  var routes: [Route] {
    Self.assets.map { asset in
      let headers: HTTPFields = [
        .contentType: asset.type, .eTag: asset.tag, .cacheControl: "no-cache",
        // Nothing from elsewhere, nothing written into the page by others.
        .contentSecurityPolicy: "default-src 'self'; img-src 'self' data:; media-src 'self' blob:; "
          + "frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
        .referrerPolicy: "no-referrer",
      ]
      let body = ByteBuffer(bytes: asset.bytes)
      return Route(.get, asset.path, for: nil) { request, _ in
        request.headers[.ifNoneMatch] == headers[.eTag]
          ? Response(status: .notModified, headers: headers)
          : Response(status: .ok, headers: headers, body: .init(byteBuffer: body))
      }
    }
  }
}
