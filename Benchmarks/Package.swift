// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "minhang-benchmarks",
  platforms: [.macOS(.v15)],
  dependencies: [
    .package(name: "minhang", path: ".."),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
  ],
  targets: [
    .executableTarget(
      name: "kernel-bench",
      dependencies: [
        "CAllocationCount", .product(name: "MinhangBCI", package: "minhang"),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      path: "Sources/KernelBench", swiftSettings: [.treatAllWarnings(as: .error)]),
    .executableTarget(
      name: "fuzz-readers",
      dependencies: [
        .product(name: "MinhangBCI", package: "minhang"), .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      path: "Sources/FuzzReaders", swiftSettings: [.treatAllWarnings(as: .error)]),
    .target(name: "CAllocationCount", cSettings: [.treatAllWarnings(as: .error)]),
  ],
  swiftLanguageModes: [.v6]
)
