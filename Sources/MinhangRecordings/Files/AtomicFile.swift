import MinhangCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// An output file that appears whole or not at all.
///
/// Bytes go to a file without a name in the target's folder (where the system has no such files, to a hidden one); `commit()` brings them to the
/// disk and gives the file its name. Dropped without that, or killed, nothing is left and the target is as it was. An existing target is refused unless replacing is asked for; something that is
/// not a regular file (a folder, a device, a pipe) always.
public final class AtomicFile {
  /// The target as the caller named it.
  public let path: String
  /// Where the bytes are until `commit()`; nil while the file has no name at all.
  private var temporaryPath: String?
  private let isReplacing: Bool
  private var descriptor: Int32
  private var isCommitted = false
  private var position = 0

  /// Makes the temporary file.
  ///
  /// - Parameters:
  ///   - path: The target.
  ///   - replacing: Whether an existing file may be replaced.
  ///   - inputs: Files that must never be replaced, whatever they are called: the sources of the output.
  /// - Throws: `wouldOverwrite`, `wouldOverwriteInput`, `cannotCreate`.
  public init(path: String, replacing: Bool = false, inputs: [String] = []) throws(RecordingError) {
    self.path = path
    isReplacing = replacing
    descriptor = -1
    if let status = Self.status(of: path) {
      guard status.st_mode & S_IFMT == S_IFREG else {
        throw RecordingError(.cannotCreate, path: path, "exists and is not a regular file; expected a new name")
      }
      for input in inputs {
        let place = input == StandardInput.name ? try StandardInput.path() : input
        if let other = Self.status(of: place), other.st_ino == status.st_ino, other.st_dev == status.st_dev {
          throw RecordingError(.wouldOverwriteInput, path: path, "is an input; expected another name for the output")
        }
      }
      guard replacing else { throw Self.existing(path) }
    }
    #if os(Linux)
      descriptor = open(Self.folder(of: path), Self.nameless | O_RDWR | O_CLOEXEC, 0o666)
    #endif
    if descriptor < 0 {
      let name = Self.temporaryName(for: path)
      descriptor = open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
      if descriptor >= 0 { temporaryPath = name }
    }
    guard descriptor >= 0 else {
      throw RecordingError(.cannotCreate, path: path, "cannot be created: \(RandomAccessFile.systemMessage(errno))")
    }
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
    if !isCommitted, let temporaryPath { unlink(temporaryPath) }
  }

  /// Writes bytes behind those that were appended before.
  public func append(_ bytes: some Collection<UInt8>) throws(RecordingError) {
    try write(bytes, at: position)
    position += bytes.count
  }

  /// Writes text behind what was appended before, as UTF-8.
  public func append(_ text: String) throws(RecordingError) { try append(text.utf8) }

  /// Writes bytes at a place; what lies before it and was never written reads as zeros.
  public func write(_ bytes: some Collection<UInt8>, at offset: Int) throws(RecordingError) {
    var failure: RecordingError?
    func write(_ buffer: UnsafeRawBufferPointer) {
      do throws(RecordingError) { try self.write(buffer: buffer, at: offset) } catch { failure = error }
    }
    if bytes.withContiguousStorageIfAvailable({ write(UnsafeRawBufferPointer($0)) }) == nil {
      Array(bytes).withUnsafeBytes { write($0) }
    }
    if let failure { throw failure }
  }

  /// Writes raw bytes at a place.
  func write(buffer: UnsafeRawBufferPointer, at offset: Int) throws(RecordingError) {
    var done = 0
    while done < buffer.count, let base = buffer.baseAddress {
      let count = pwrite(descriptor, base + done, buffer.count - done, off_t(offset + done))
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else {
        throw RecordingError(
          .inputOutput, path: path, "cannot be written at byte \(offset + done): \(RandomAccessFile.systemMessage(errno))")
      }
      done += count
    }
  }

  /// Reads bytes back that were written; bytes beyond the end come as zeros.
  func read(at offset: Int, count: Int) throws(RecordingError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    let got = bytes.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, count, off_t(offset)) }
    guard got >= 0 else {
      throw RecordingError(.inputOutput, path: path, "cannot be read back at byte \(offset): \(RandomAccessFile.systemMessage(errno))")
    }
    return bytes
  }

  /// Brings the bytes to the disk and gives the file its name.
  ///
  /// Nothing may be written afterwards.
  ///
  /// - Throws: `inputOutput`; `wouldOverwrite` if a file of that name has appeared meanwhile.
  public func commit() throws(RecordingError) {
    guard fsync(descriptor) == 0 else { throw failed("brought to the disk", errno) }
    try giveName()
    guard close(descriptor) == 0 else {
      descriptor = -1
      throw failed("closed", errno)
    }
    descriptor = -1
    isCommitted = true
    syncFolder()
  }

  /// Gives the bytes the target's name, in one step that either happens or does not.
  private func giveName() throws(RecordingError) {
    guard let temporary = temporaryPath else {
      if isReplacing {
        // Only a name can be renamed.
        let name = Self.temporaryName(for: path)
        guard nameOpenFile(name) else { throw failed("named", errno) }
        temporaryPath = name
        return try rename(name)
      }
      // Naming fails where the name is taken: no window in which another program's file could be lost.
      guard nameOpenFile(path) else { throw errno == EEXIST ? Self.existing(path) : failed("named", errno) }
      return
    }
    guard !isReplacing else { return try rename(temporary) }
    if link(temporary, path) == 0 {
      unlink(temporary)
      return
    }
    guard errno != EEXIST, Self.status(of: path) == nil else { throw Self.existing(path) }
    // File systems without links.
    try rename(temporary)
  }

  private func rename(_ temporary: String) throws(RecordingError) {
    guard systemRename(temporary, path) == 0 else { throw failed("renamed", errno) }
  }

  /// Gives the open file, which has no name, one.
  private func nameOpenFile(_ name: String) -> Bool {
    #if os(Linux)
      return linkat(AT_FDCWD, "/proc/self/fd/\(descriptor)", AT_FDCWD, name, AT_SYMLINK_FOLLOW) == 0
    #else
      return false
    #endif
  }

  #if os(Linux)
    /// `O_TMPFILE`, which the C library writes as a macro that Swift does not see: a file without a name, gone when nobody has it open.
    static let nameless: Int32 = 0o20_000_000 | O_DIRECTORY
  #endif

  private static func folder(of path: String) -> String { path.lastIndex(of: "/").map { String(path[...$0]) } ?? "." }

  static func temporaryName(for path: String) -> String {
    var generator = SystemRandomNumberGenerator()
    let slash = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
    let suffix = String(UInt64.random(in: 0...UInt64.max, using: &generator), radix: 36)
    return "\(path[..<slash]).\(path[slash...].prefix(100)).\(suffix).tmp"
  }

  private func syncFolder() {
    let descriptor = open(Self.folder(of: path), O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    // Some file systems refuse this; the file itself is safe then as well.
    fsync(descriptor)
    close(descriptor)
  }

  private func failed(_ what: String, _ code: Int32) -> RecordingError {
    RecordingError(.inputOutput, path: path, "cannot be \(what): \(RandomAccessFile.systemMessage(code))")
  }

  private static func existing(_ path: String) -> RecordingError {
    RecordingError(.wouldOverwrite, path: path, "exists already; expected a new name, or leave to replace it")
  }

  private static func status(of path: String) -> stat? {
    var status = stat()
    return stat(path, &status) == 0 ? status : nil
  }
}

/// The system's `rename`, which the method of that name hides.
private func systemRename(_ old: String, _ new: String) -> Int32 { rename(old, new) }
