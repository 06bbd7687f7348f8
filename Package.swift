// swift-tools-version: 6.2
// Chatterbox for Swift: natural speech on your own machine, on ggml.
// Targets are listed bottom-up; imports point down the list only (docs/architecture.md).

import PackageDescription

let swiftSettings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
]

/// Our kernels are a hundred times slower without optimisation, so the Makefile asks for it in debug builds
/// too. It is not the default, since a package with unsafe flags cannot be another package's dependency.
let kernelSettings: [CSetting] =
  Context.environment["CHATTERBOX_OPTIMIZE_KERNELS"] == nil ? [] : [.unsafeFlags(["-O2"])]

#if os(macOS)
  let hiredisPkgConfig: String? = "hiredis"
#else
  // Debian's file asks for a flag that SwiftPM refuses, and for nothing that is needed.
  let hiredisPkgConfig: String? = nil
#endif

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let asyncHTTPClient = Target.Dependency.product(name: "AsyncHTTPClient", package: "async-http-client")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let hummingbirdCore = Target.Dependency.product(name: "HummingbirdCore", package: "hummingbird")
let hummingbirdTLS = Target.Dependency.product(name: "HummingbirdTLS", package: "hummingbird")
let hummingbirdTesting = Target.Dependency.product(name: "HummingbirdTesting", package: "hummingbird")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let jwtKit = Target.Dependency.product(name: "JWTKit", package: "jwt-kit")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let nioFoundationCompat = Target.Dependency.product(name: "NIOFoundationCompat", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioWebSocket = Target.Dependency.product(name: "NIOWebSocket", package: "swift-nio")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioHTTPTypes = Target.Dependency.product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras")
let serviceLifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let unixSignals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let protobuf = Target.Dependency.product(name: "SwiftProtobuf", package: "swift-protobuf")
let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

let package = Package(
  name: "chatterbox-swift",
  platforms: [.macOS(.v15)],
  products: [
    .library(name: "Chatterbox", targets: ["Chatterbox"]),
    .executable(name: "chatterbox", targets: ["ChatterboxCLI"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
    .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/vapor/jwt-kit", from: "5.7.1"),
    .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
    .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
  ],
  targets: [
    .systemLibrary(
      name: "CFLAC", pkgConfig: "flac", providers: [.apt(["libflac-dev"]), .brew(["flac"])]),
    .systemLibrary(name: "CGGML", pkgConfig: "ggml"),
    .systemLibrary(
      name: "CHiredis", pkgConfig: hiredisPkgConfig,
      providers: [.apt(["libhiredis-dev"]), .brew(["hiredis"])]),
    .systemLibrary(name: "CLAME", pkgConfig: "lame", providers: [.apt(["libmp3lame-dev"]), .brew(["lame"])]),
    .systemLibrary(
      name: "COpusEncoder", pkgConfig: "libopusenc",
      providers: [.apt(["libopusenc-dev"]), .brew(["libopusenc"])]),
    .systemLibrary(name: "CProcess"),
    .systemLibrary(
      name: "CSndfile", pkgConfig: "sndfile",
      providers: [.apt(["libsndfile1-dev"]), .brew(["libsndfile"])]),
    .systemLibrary(name: "CSonic", providers: [.apt(["libsonic-dev"])]),
    .systemLibrary(
      name: "CSoxr", pkgConfig: "soxr", providers: [.apt(["libsoxr-dev"]), .brew(["libsoxr"])]),
    .systemLibrary(
      name: "CVOAACEncoder", pkgConfig: "vo-aacenc",
      providers: [.apt(["libvo-aacenc-dev"]), .brew(["libvo-aacenc"])]),
    .target(name: "CKernels", cSettings: kernelSettings),
    .target(name: "Tensor", dependencies: ["CGGML", "CKernels", protobuf], swiftSettings: swiftSettings),
    .target(
      name: "Audio",
      dependencies: [
        "CFLAC", "CLAME", "COpusEncoder", "CSndfile", "CSonic", "CSoxr", "CVOAACEncoder", crypto,
      ],
      swiftSettings: swiftSettings),
    .target(name: "Text", dependencies: [subprocess], swiftSettings: swiftSettings),
    .target(name: "Models", dependencies: ["Tensor"], swiftSettings: swiftSettings),
    .target(
      name: "Chatterbox",
      dependencies: [
        "Audio", "Models", "Tensor", "Text", asyncHTTPClient, crypto, nioCore, nioHTTP1, subprocess,
      ],
      swiftSettings: swiftSettings),
    .target(name: "Redis", dependencies: ["CHiredis", crypto], swiftSettings: swiftSettings),
    .target(
      name: "Service",
      dependencies: [
        "Audio", "Chatterbox", "Redis", "Tensor", "Text", asyncHTTPClient, crypto, grdb, jwtKit, logging,
        nioCore, nioFoundationCompat, nioHTTP1, yams,
      ],
      swiftSettings: swiftSettings),
    .target(
      name: "API",
      dependencies: [
        "Audio", "Chatterbox", "Redis", "Service", "Text", crypto, hummingbird, hummingbirdCore,
        hummingbirdTLS, httpTypes, logging,
        nioCore,
        nioHTTP1, nioHTTPTypes, nioPosix, nioSSL, nioWebSocket, serviceLifecycle, unixSignals,
      ],
      resources: [.embedInCode("Page/Assets")],
      swiftSettings: swiftSettings),
    .executableTarget(
      name: "ChatterboxCLI",
      dependencies: [
        "API", "Audio", "CProcess", "Chatterbox", "Redis", "Service", "Tensor", "Text", argumentParser,
        logging,
      ],
      path: "Sources/CLI", swiftSettings: swiftSettings),
    .executableTarget(
      name: "chatterbox-stages", dependencies: ["Chatterbox", "Models", "Tensor"], path: "Benchmarks/Stages",
      swiftSettings: swiftSettings),
    .testTarget(name: "TensorTests", dependencies: ["CKernels", "Tensor"], swiftSettings: swiftSettings),
    .testTarget(name: "AudioTests", dependencies: ["Audio"], swiftSettings: swiftSettings),
    .testTarget(name: "TextTests", dependencies: ["Text"], swiftSettings: swiftSettings),
    .testTarget(
      name: "ModelsTests", dependencies: ["Models", "Tensor", protobuf], swiftSettings: swiftSettings),
    .testTarget(
      name: "ChatterboxTests",
      dependencies: [
        "Audio", "Chatterbox", "Models", "Tensor", "Text", crypto, nioCore, nioHTTP1, nioPosix,
      ],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "ServiceTests",
      dependencies: [
        "Audio", "Chatterbox", "Redis", "Service", "Text", asyncHTTPClient, crypto, grdb, hummingbird,
        hummingbirdTesting, httpTypes, jwtKit, logging, nioCore, nioHTTP1, nioPosix,
      ],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "APITests",
      dependencies: [
        "API", "Audio", "Chatterbox", "Service", hummingbird, hummingbirdTesting, httpTypes, logging, nioCore,
        nioHTTP1, nioPosix, nioWebSocket, serviceLifecycle,
      ],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "CLITests", dependencies: ["ChatterboxCLI"], swiftSettings: swiftSettings),
  ]
)
