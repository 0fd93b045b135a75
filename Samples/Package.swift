// swift-tools-version: 6.2
import PackageDescription

// Programs that use the library as any other package would: swift run --package-path Samples alpha-power FILE
let package = Package(
  name: "minhang-samples",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "minhang", path: "..")],
  targets: [
    .executableTarget(
      name: "alpha-power", dependencies: [.product(name: "MinhangBCI", package: "minhang")], path: "AlphaPower",
      swiftSettings: [.treatAllWarnings(as: .error)])
  ],
  swiftLanguageModes: [.v6]
)
