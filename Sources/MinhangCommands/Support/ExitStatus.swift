/// The exit statuses of the command line (sysexits where there is one).
public enum ExitStatus: Int32, Sendable {
  /// Done.
  case success = 0
  /// Done, but with warnings under `--strict`.
  case warnings = 1
  /// The command line is wrong.
  case usage = 64
  /// The data are wrong.
  case badData = 65
  /// There is no such input.
  case noInput = 66
  /// A needed service or library is absent.
  case unavailable = 69
  /// Our own bug.
  case software = 70
  /// The output cannot be created.
  case cannotCreate = 73
  /// Reading or writing failed.
  case inputOutput = 74
  /// A verification failed.
  case verificationFailed = 80
  /// A quality gate failed.
  case qualityGateFailed = 81
  /// A deadline was missed under `--deadline`.
  case deadlineMissed = 82
}
