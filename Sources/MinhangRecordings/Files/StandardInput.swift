import MinhangCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A recording that comes through standard input, which commands call `-`.
///
/// Recordings are read at any place and more than once: what a pipe brings is kept in a file without a name for as long as the program runs. A
/// file that was redirected is read where it lies.
public enum StandardInput {
  /// The word for it in a command.
  public static let name = "-"

  private static let kept: Result<Int32, RecordingError> = keep()

  /// A path at which its content can be opened, any number of times.
  ///
  /// The first call waits for the end of the input.
  ///
  /// - Throws: `notAFile` for a terminal or a directory, `inputOutput`, `cannotCreate` where there is no room for what comes.
  public static func path() throws(RecordingError) -> String { "/dev/fd/\(try kept.get())" }

  private static func keep() -> Result<Int32, RecordingError> {
    do throws(RecordingError) {
      var status = stat()
      guard fstat(STDIN_FILENO, &status) == 0 else { throw failure(.inputOutput, "cannot be examined", errno) }
      switch status.st_mode & S_IFMT {
      case S_IFREG: return .success(STDIN_FILENO)
      case S_IFIFO, S_IFSOCK: return .success(try copy())
      default: throw RecordingError(.notAFile, path: name, "standard input is neither a pipe nor a file; expected a recording through one")
      }
    } catch {
      return .failure(error)
    }
  }

  private static func copy() throws(RecordingError) -> Int32 {
    let descriptor = try ScratchFile.nameless(for: name)
    var buffer = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      let count = read(STDIN_FILENO, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw failure(.inputOutput, "cannot be read", errno) }
      if count == 0 { return descriptor }
      var done = 0
      while done < count {
        let written = buffer.withUnsafeBytes { bytes in bytes.baseAddress.map { write(descriptor, $0 + done, count - done) } ?? -1 }
        if written < 0, errno == EINTR { continue }
        guard written > 0 else { throw failure(.cannotCreate, "cannot be kept", errno) }
        done += written
      }
    }
  }

  private static func failure(_ code: RecordingError.Code, _ what: String, _ number: Int32) -> RecordingError {
    RecordingError(code, path: name, "standard input \(what): \(RandomAccessFile.systemMessage(number))")
  }
}

extension Recording {
  /// Opens the recording that comes through standard input; its path is `-`.
  ///
  /// See `Recording.open(path:options:)`. A recording of several files cannot come so: those that it names would be others.
  ///
  /// - Throws: Also `unsupported` for a recording of several files.
  public static func openStandardInput(options: OpeningOptions = .none) throws(RecordingError) -> any RecordingReader {
    let reader = try open(try RandomAccessFile(path: try StandardInput.path(), shown: StandardInput.name), options: options)
    guard let other = reader.recording.companions.first else { return reader }
    throw RecordingError(
      .unsupported, path: StandardInput.name,
      "the recording has other files (\(other.quotedForDisplay())), which cannot come through standard input; expected the name of its file"
    )
  }
}
