import ArgumentParser
import Foundation
import MinhangBCI

/// The way into the command line: parses, runs, and turns every outcome into one exit status.
public enum CommandLineEntry {
  /// The words of the command line being run: `filter` needs their order, which the parser does not keep.
  @TaskLocal static var words: [String] = []

  /// Runs the command line.
  ///
  /// - Parameter arguments: The words after the program's name.
  /// - Returns: The exit status, one of `ExitStatus`.
  public static func run(_ arguments: [String] = Array(CommandLine.arguments.dropFirst())) async -> Int32 {
    // Beyond a limit on the size of files a write fails, with a line that says so, rather than the program.
    signal(SIGXFSZ, SIG_IGN)
    do {
      var command = try MinhangCommand.parseAsRoot(arguments)
      try await $words.withValue(arguments) {
        if var asynchronous = command as? any AsyncParsableCommand {
          try await asynchronous.run()
        } else {
          try command.run()
        }
      }
      try flushOutput()
      return ExitStatus.success.rawValue
    } catch {
      return report(error)
    }
  }

  /// Sees to it that all of the result has left: on a full disk it would be lost without a word.
  private static func flushOutput() throws {
    // A failure in the middle of a long result is remembered by the stream only.
    guard StandardOutput.isWritten() else {
      throw CommandFailure(.inputOutput, "standard output cannot be written to the end; expected room for the whole result")
    }
  }

  private static func report(_ error: any Error) -> Int32 {
    if let failure = CommandFailure(error) {
      Console.fail(failure)
      return failure.status.rawValue
    }
    let code = MinhangCommand.exitCode(for: error)
    let text = MinhangCommand.fullMessage(for: error)
    if code == .success {
      print(text)
      return ExitStatus.success.rawValue
    }
    guard code == .validationFailure else {
      Console.fail(CommandFailure(.software, "\(error)", hint: "this is a bug of minhang itself; please report it with the command line"))
      return ExitStatus.software.rawValue
    }
    // ArgumentParser's message begins with "Error: "; what follows it on further lines is usage and help.
    var lines = text.split(separator: "\n").map(String.init)
    if let first = lines.first, first.hasPrefix("Error: ") { lines[0] = String(first.dropFirst(7)) }
    let usage = lines.first { $0.hasPrefix("Usage: ") }
    Console.fail(CommandFailure(.usage, lines.first ?? "the command line is wrong", hint: usage ?? "see minhang --help"))
    return ExitStatus.usage.rawValue
  }
}

/// The root of the command line.
struct MinhangCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "minhang",
    abstract: "Brain-computer interfaces: read recordings, filter, see spectra, decode intent, offline and live.",
    discussion: """
      minhang info run.edf
      minhang bandpower run.edf --channels C3,C4
      minhang train run*.edf --pipeline csp-lda --classes left_hand=T1,right_hand=T2 -o model.minhang
      minhang evaluate run*.edf --pipeline csp-lda --scheme leave-one-run-out --json
      minhang stream run.edf --model model.minhang --speed 1
      """,
    version: Minhang.version,
    subcommands: [
      InfoCommand.self, EventsCommand.self, ConvertCommand.self, FilterCommand.self, CleanCommand.self, SpikesCommand.self,
      SpectrumCommand.self,
      BandPowerCommand.self, TimeFrequencyCommand.self, ConnectivityCommand.self, RepairCommand.self, AnonymizeCommand.self,
      BIDSCommand.self, SimulateCommand.self, TrainCommand.self, EvaluateCommand.self, DecodeCommand.self, StreamCommand.self,
      PipelinesCommand.self,
      DoctorCommand.self,
    ])
}
