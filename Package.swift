// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [.treatAllWarnings(as: .error)]
let mathLibrary: [LinkerSetting] = [.linkedLibrary("m", .when(platforms: [.linux]))]

func module(_ name: String, _ dependencies: [Target.Dependency], linker: [LinkerSetting] = []) -> Target {
  .target(name: name, dependencies: dependencies, swiftSettings: strict, linkerSettings: linker)
}

func tests(of name: String, _ dependencies: [Target.Dependency] = []) -> Target {
  .testTarget(
    name: "\(name)Tests", dependencies: [.target(name: name)] + dependencies, exclude: goldens(of: name),
    swiftSettings: strict)
}

/// Folders of golden values with the scripts that made them: read by path, never bundled.
func goldens(of name: String) -> [String] {
  ["MinhangAlgebra", "MinhangSignal", "MinhangDecoding", "MinhangRecordings"].contains(name) ? ["Goldens"] : []
}

/// The modules that `MinhangBCI` hands on.
///
/// Who imports it depends on all of them by name: with the umbrella alone, an incremental build does not compile its users anew when the layout of a
/// type behind it changes, and the program crashes.
let library = [
  "MinhangCore", "MinhangAlgebra", "MinhangSignal", "MinhangRecordings", "MinhangDecoding", "MinhangStreaming",
  "MinhangSimulation",
]

let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
  name: "minhang",
  platforms: [.macOS(.v15)],
  products: [
    .library(name: "MinhangBCI", targets: ["MinhangBCI"] + library),
    .executable(name: "minhang", targets: ["minhang"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    // The fence to C: two system libraries and the few dispatched loops.
    .systemLibrary(name: "CFFTW3", pkgConfig: "fftw3", providers: [.apt(["libfftw3-dev"]), .brew(["fftw"])]),
    .systemLibrary(
      name: "CLAPACKE", pkgConfig: "lapacke",
      providers: [.apt(["liblapacke-dev", "libopenblas-serial-dev"]), .brew(["openblas", "lapack"])]),
    .target(name: "CMinhangKernels", cSettings: [.treatAllWarnings(as: .error)]),

    // The library, from the ground up; an arrow never points upwards.
    module("MinhangCore", [], linker: mathLibrary),
    module("MinhangAlgebra", ["MinhangCore", "CLAPACKE"], linker: mathLibrary),
    module("MinhangSignal", ["MinhangCore", "MinhangAlgebra", "CFFTW3", "CMinhangKernels"], linker: mathLibrary),
    module("MinhangRecordings", ["MinhangCore"]),
    module("MinhangDecoding", ["MinhangCore", "MinhangAlgebra", "MinhangSignal", "MinhangRecordings", crypto, yams]),
    module("MinhangStreaming", ["MinhangCore", "MinhangSignal", "MinhangRecordings", "MinhangDecoding"]),
    module("MinhangSimulation", ["MinhangCore", "MinhangSignal"]),
    module("MinhangBCI", library.map { .target(name: $0) }),

    // The command line.
    module("MinhangCommands", ["MinhangBCI", arguments] + library.map { .target(name: $0) }),
    .executableTarget(name: "minhang", dependencies: ["MinhangCommands"], swiftSettings: strict),

    tests(of: "MinhangCore"),
    tests(of: "MinhangAlgebra"),
    tests(of: "MinhangSignal"),
    tests(of: "MinhangRecordings"),
    tests(of: "MinhangDecoding", ["MinhangSimulation"]),
    tests(of: "MinhangStreaming", ["MinhangSimulation"]),
    tests(of: "MinhangSimulation"),
    tests(of: "MinhangCommands", ["MinhangSimulation", "minhang"]),
  ],
  swiftLanguageModes: [.v6]
)
