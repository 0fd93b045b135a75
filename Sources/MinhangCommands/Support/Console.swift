import Foundation
import MinhangBCI
import Synchronization

/// What a command says beside its result: warnings, notes and progress, on standard error.
final class Console {
  private let isQuiet: Bool
  private let isVerbose: Bool
  private let isStrict: Bool
  /// What the caller says about inputs that leave it open.
  let opening: OpeningOptions
  /// Which recording of a dataset the caller means.
  let entities: EntitiesArgument
  private(set) var warnings: [String] = []

  init(_ options: ReportOptions = ReportOptions()) {
    isQuiet = options.quiet
    isVerbose = options.verbose
    isStrict = options.strict
    opening = options.input.opening
    entities = options.input.entities ?? EntitiesArgument()
  }

  /// Whether standard error is a terminal that may show colours and a moving bar.
  static let errorIsTerminal = isatty(STDERR_FILENO) == 1
  /// Whether standard output is a terminal.
  static let outputIsTerminal = isatty(STDOUT_FILENO) == 1
  /// Whether colours are wanted on standard error.
  static let hasColour = errorIsTerminal && ProcessInfo.processInfo.environment["NO_COLOR"] == nil

  /// A warning: never silenced, counted under `--strict`.
  func warn(_ message: String) {
    warnings.append(message)
    Self.line("warning", message.escapedForDisplay, colour: "33")
  }

  /// Several warnings; those that differ only in the channel they name are told as one.
  func warn(each messages: [String]) {
    for message in WarningGroups.collapsed(messages) { warn(message) }
  }

  /// A remark for the reader; silent under `--quiet`.
  func note(_ message: String) {
    if !isQuiet { Self.write("minhang: \(message.escapedForDisplay)\n") }
  }

  /// A remark for the curious, under `--verbose`.
  func explain(_ message: String) {
    if isVerbose { Self.write("minhang: \(message.escapedForDisplay)\n") }
  }

  /// A progress bar for so many steps; invisible where nobody looks.
  func progress(_ title: String, total: Int) -> ProgressBar {
    ProgressBar(title: title, total: total, isVisible: Self.errorIsTerminal && !isQuiet)
  }

  /// Prints what a run came to as one JSON object, with the warnings that were told until then.
  func printSummary(_ json: JSONValue) {
    guard case .object(let members) = json else { return print(json.text) }
    print(JSONValue.object(members + [.init("warnings", .strings(warnings))]).text)
  }

  /// Ends the command: warnings are failures under `--strict`.
  func finish() throws {
    if isStrict && !warnings.isEmpty {
      throw CommandFailure(.warnings, "\(warnings.count) warning\(warnings.count == 1 ? "" : "s") under --strict")
    }
  }

  /// An error's line, and its hint.
  static func fail(_ failure: CommandFailure) {
    line("error", failure.message.escapedForDisplay, colour: "31")
    if let hint = failure.hint { write("  hint: \(hint.escapedForDisplay)\n") }
  }

  private static func line(_ word: String, _ message: String, colour: String) {
    write(hasColour ? "minhang: \u{1B}[\(colour)m\(word):\u{1B}[0m \(message)\n" : "minhang: \(word): \(message)\n")
  }

  /// Where standard error cannot be written, nobody can be told so.
  private static func write(_ text: String) { try? FileHandle.standardError.write(contentsOf: Data(text.utf8)) }
}

/// A bar on standard error that shows how far long work has come.
final class ProgressBar: Sendable {
  private let title: String
  private let total: Int
  private let isVisible: Bool
  /// The percent last shown; -1 before the first.
  private let shown = Mutex(-1)

  init(title: String, total: Int, isVisible: Bool) {
    self.title = title
    self.total = max(1, total)
    self.isVisible = isVisible
  }

  /// Shows that `done` steps are behind us.
  func update(_ done: Int) {
    guard isVisible else { return }
    let percent = min(100, done * 100 / total)
    shown.withLock { shown in
      guard percent != shown else { return }
      shown = percent
      let bar = String(repeating: "█", count: percent / 4) + String(repeating: "░", count: 25 - percent / 4)
      FileHandle.standardError.write(Data("\r\(title) \(bar) \(percent) %".utf8))
    }
  }

  /// Removes the bar.
  func clear() {
    if isVisible { shown.withLock { if $0 >= 0 { FileHandle.standardError.write(Data("\r\u{1B}[K".utf8)) } } }
  }
}
