import MinhangBCI

/// Why a command ends without its result: one line for people, a status for scripts, and where it helps a hint.
struct CommandFailure: Error {
  var status: ExitStatus
  var message: String
  var hint: String?

  init(_ status: ExitStatus, _ message: String, hint: String? = nil) {
    self.status = status
    self.message = message
    self.hint = hint
  }

  /// Gives an error of the library its exit status.
  init?(_ error: any Error) {
    switch error {
    case let failure as CommandFailure: self = failure
    case let error as RecordingError:
      self.init(
        Self.status(of: error), error.description, hint: error.code == .wouldOverwrite ? "--force replaces an existing output" : nil)
    case let error as SignalError: self.init(.usage, error.description)
    case let error as DecodingError: self.init(.badData, error.description)
    case let error as StreamingError: self.init(Self.status(of: error), error.description)
    case let error as ChannelSelection.Failure: self.init(.usage, error.line)
    default: return nil
    }
  }

  private static func status(of error: RecordingError) -> ExitStatus {
    switch error.code {
    case .notFound: .noInput
    case .wouldOverwrite, .wouldOverwriteInput, .cannotCreate: .cannotCreate
    case .inputOutput, .unreadable: .inputOutput
    default: .badData
    }
  }

  private static func status(of error: StreamingError) -> ExitStatus {
    switch error.code {
    case .badData: .badData
    case .badDescription: .usage
    default: .inputOutput
    }
  }
}

extension ChannelSelection.Failure {
  /// The failure in words.
  var line: String {
    switch self {
    case .noSuchChannel(let name): "channel \(name.quotedForDisplay()) is not in the recording; expected a name that `minhang info` lists"
    case .noSuchKind(let kind):
      "channel type \(kind.quotedForDisplay()) is unknown; expected one of \(ChannelKind.allCases.map(\.rawValue).joined(separator: ", "))"
    case .empty: "no channel is left after --channels and --exclude; expected at least one"
    }
  }
}
