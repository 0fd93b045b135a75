import MinhangCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A regular file open for reading at any place.
///
/// Never a directory, pipe or device; its size is taken once, at opening.
///
/// Reads do not move a position, so one file serves any number of threads.
final class RandomAccessFile: Sendable {
  let path: String
  let byteCount: Int
  private let descriptor: Int32

  convenience init(path: String) throws(RecordingError) { try self.init(path: path, shown: path) }

  /// Opens a file.
  ///
  /// - Parameter path: What messages and suffixes go by.
  init(path place: String, shown path: String) throws(RecordingError) {
    self.path = path
    // Non-blocking: opening a pipe without a writer must not hang.
    descriptor = open(place, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else {
      let code = errno
      switch code {
      case ENOENT, ENOTDIR: throw RecordingError(.notFound, path: path, "no such file")
      case EACCES, EPERM: throw RecordingError(.unreadable, path: path, "may not be read; expected a file with read permission")
      default: throw RecordingError(.inputOutput, path: path, "cannot be opened: \(Self.systemMessage(code))")
      }
    }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      let code = errno
      close(descriptor)
      throw RecordingError(.inputOutput, path: path, "cannot be examined: \(Self.systemMessage(code))")
    }
    byteCount = Int(status.st_size)
    let kind = status.st_mode & S_IFMT
    guard kind == S_IFREG else {
      close(descriptor)
      let names: [mode_t: String] = [
        S_IFDIR: "a directory", S_IFIFO: "a pipe", S_IFCHR: "a device", S_IFBLK: "a device", S_IFSOCK: "a socket",
      ]
      throw RecordingError(.notAFile, path: path, "is \(names[kind] ?? "a special file"); expected a regular file")
    }
  }

  /// Takes over an open file, which is closed with this one.
  ///
  /// - Parameter path: What messages and suffixes go by.
  init(takingOver descriptor: Int32, path: String, byteCount: Int) {
    self.descriptor = descriptor
    self.path = path
    self.byteCount = byteCount
  }

  deinit { close(descriptor) }

  /// Fills the buffer from a place in the file.
  ///
  /// A file that has become shorter since it was opened throws.
  func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(RecordingError) {
    var done = 0
    while done < buffer.count, let base = buffer.baseAddress {
      let count = pread(descriptor, base + done, buffer.count - done, off_t(offset + done))
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else {
        throw RecordingError(.inputOutput, path: path, "cannot be read at byte \(offset + done): \(Self.systemMessage(errno))")
      }
      guard count > 0 else {
        throw RecordingError(
          .inputOutput, path: path, "file end at byte \(offset + done) is too early; expected the \(byteCount) bytes it had when opened")
      }
      done += count
    }
  }

  /// A few bytes as an array.
  func bytes(at offset: Int, count: Int) throws(RecordingError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    try read(into: &bytes, count: count, at: offset)
    return bytes
  }

  /// Fills the first `count` bytes of an array, which must be long enough.
  func read(into bytes: inout [UInt8], count: Int, at offset: Int) throws(RecordingError) {
    precondition(count <= bytes.count, "\(count) bytes into an array of \(bytes.count)")
    // The closure of the standard library does not carry typed errors on.
    var failure: RecordingError?
    bytes.withUnsafeMutableBytes { buffer in
      do throws(RecordingError) {
        try read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[0..<count]), at: offset)
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
  }

  /// The system's words for an error number.
  static func systemMessage(_ code: Int32) -> String { String(cString: strerror(code)) }
}
