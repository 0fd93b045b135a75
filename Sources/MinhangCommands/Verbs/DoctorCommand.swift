import ArgumentParser
import Foundation
import MinhangBCI

/// `minhang doctor`: what this machine is, and whether the numbers that it computes are right.
struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor", abstract: "Check this machine: libraries, and measured against true for every estimator.",
    discussion: "Exit status 80 if a check fails: some builds of numerical libraries are wrong on some processors.")

  @OptionGroup var report: ReportOptions

  func run() throws {
    let console = Console(report)
    let machine = MachineDescription()
    let checks = SelfTest.all()
    if report.json {
      let json: JSONValue = [
        "version": .string(Minhang.version), "system": .string(machine.system), "cpu": .string(machine.processor),
        "cores": .integer(machine.cores), "fftw": .string(machine.fourierLibrary), "blas": .string(machine.linearAlgebraLibrary),
        "liblsl": .bool(machine.hasLabStreamingLayer), "brainflow": .bool(machine.hasBrainFlow),
        "checks": .array(
          checks.map {
            [
              "name": .string($0.name), "error": .number($0.error), "tolerance": .number($0.tolerance), "ok": .bool($0.isPassed),
              "failure": .optional($0.failure),
            ]
          }),
      ]
      print(json.text)
    } else {
      print("minhang     \(Minhang.version)")
      print("system      \(machine.system)")
      print("processor   \(machine.processor), \(machine.cores) cores")
      print("FFTW        \(machine.fourierLibrary)")
      print("BLAS        \(machine.linearAlgebraLibrary)")
      print("liblsl      \(machine.hasLabStreamingLayer ? "present" : "absent (only needed for LSL streams)")")
      print("BrainFlow   \(machine.hasBrainFlow ? "present" : "absent (only needed for amplifiers)")")
      print("")
      var table = Table(columns: ["check", "error", "tolerance", "result"])
      table.rows = checks.map { [.text($0.name), .number($0.error), .number($0.tolerance), .text($0.isPassed ? "ok" : "WRONG")] }
      print(table.text(json: false), terminator: "")
    }
    let failed = checks.filter { !$0.isPassed }
    guard failed.isEmpty else {
      let names = failed.map { $0.name + ($0.failure.map { " (\($0))" } ?? "") }.joined(separator: ", ")
      throw CommandFailure(
        .verificationFailed, "\(failed.count) of \(checks.count) checks failed: \(names)",
        hint: "the numbers of this machine cannot be trusted; try another build of FFTW or OpenBLAS (OPENBLAS_CORETYPE=Haswell)")
    }
    try console.finish()
  }
}

/// What this machine is.
struct MachineDescription {
  let system: String
  let processor: String
  let cores = ProcessInfo.processInfo.activeProcessorCount
  let fourierLibrary = FourierLibrary.version
  let linearAlgebraLibrary = AlgebraLibrary.configuration + (AlgebraLibrary.takesManyCallers ? "" : ", one caller at a time")
  let hasLabStreamingLayer = Self.isLoadable(["liblsl.so.2", "liblsl.so", "liblsl.dylib"])
  let hasBrainFlow = Self.isLoadable(["libBoardController.so", "libBoardController.dylib"])

  init() {
    system = ProcessInfo.processInfo.operatingSystemVersionString
    let table = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
    let model = table.split(separator: "\n").first { $0.hasPrefix("model name") }
    processor = model?.split(separator: ":").last.map { String($0).trimmingSpaces } ?? "unknown"
  }

  private static func isLoadable(_ names: [String]) -> Bool {
    names.contains { name in
      guard let handle = dlopen(name, RTLD_LAZY) else { return false }
      dlclose(handle)
      return true
    }
  }
}
