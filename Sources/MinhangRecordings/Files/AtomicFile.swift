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
/// Bytes go to a temporary file in the target's folder; `commit()` brings them to the disk and gives the file its name. Dropped without that,
/// the temporary file is removed and the target is as it was. An existing target is refused unless replacing is asked for; something that is
/// not a regular file (a folder, a device, a pipe) always.
public final class AtomicFile {
  /// The target as the caller named it.
  public let path: String
  private let temporaryPath: String
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
  /// - Throws: `wouldOverwrite`, `cannotCreate`.
  public init(path: String, replacing: Bool = false, inputs: [String] = []) throws(RecordingError) {
    self.path = path
    isReplacing = replacing
    descriptor = -1
    if let status = Self.status(of: path) {
      guard status.st_mode & S_IFMT == S_IFREG else {
        throw RecordingError(.cannotCreate, path: path, "exists and is not a regular file; expected a new name")
      }
      for input in inputs {
        if let other = Self.status(of: input), other.st_ino == status.st_ino, other.st_dev == status.st_dev {
          throw RecordingError(.wouldOverwrite, path: path, "is an input; expected another name for the output")
        }
      }
      guard replacing else { throw Self.existing(path) }
    }
    var generator = SystemRandomNumberGenerator()
    let slash = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
    let suffix = String(UInt64.random(in: 0...UInt64.max, using: &generator), radix: 36)
    temporaryPath = "\(path[..<slash]).\(path[slash...].prefix(100)).\(suffix).tmp"
    descriptor = open(temporaryPath, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else {
      throw RecordingError(.cannotCreate, path: path, "cannot be created: \(RandomAccessFile.systemMessage(errno))")
    }
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
    if !isCommitted && !temporaryPath.isEmpty { unlink(temporaryPath) }
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
    guard close(descriptor) == 0 else {
      descriptor = -1
      throw failed("closed", errno)
    }
    descriptor = -1
    if isReplacing {
      guard rename(temporaryPath, path) == 0 else { throw failed("renamed", errno) }
    } else if link(temporaryPath, path) == 0 {
      // A link fails where the name is taken: no window in which another program's file could be lost.
      unlink(temporaryPath)
    } else {
      guard errno != EEXIST, Self.status(of: path) == nil else { throw Self.existing(path) }
      // File systems without links.
      guard rename(temporaryPath, path) == 0 else { throw failed("renamed", errno) }
    }
    isCommitted = true
    syncFolder()
  }

  private func syncFolder() {
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
    let descriptor = open(folder, O_RDONLY | O_CLOEXEC)
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
