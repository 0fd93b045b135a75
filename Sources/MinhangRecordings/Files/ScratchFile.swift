import MinhangCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Bytes that need a place on the disk for as long as a recording is open: a file that has no name and is gone when nobody has it open, even if
/// the program is killed.
///
/// It lies in the folder that the environment names as `TMPDIR`, else in `/var/tmp`, which unlike `/tmp` is never in memory, else in `/tmp`.
package final class ScratchFile {
  /// The file for which it is made; messages name it.
  private let path: String
  private var descriptor: Int32 = -1
  private(set) var byteCount = 0

  init(for path: String) throws(RecordingError) {
    self.path = path
    descriptor = try Self.nameless(for: path)
  }

  /// Opens a file without a name for reading and writing.
  ///
  /// - Parameter path: The file for which it is made, for messages.
  package static func nameless(for path: String) throws(RecordingError) -> Int32 {
    var descriptor: Int32 = -1
    let folders = [getenv("TMPDIR").map { String(cString: $0) }, "/var/tmp", "/tmp"].compactMap { $0 }.filter { !$0.isEmpty }
    var code = ENOENT
    for folder in folders where descriptor < 0 {
      #if os(Linux)
        descriptor = open(folder, AtomicFile.nameless | O_RDWR | O_CLOEXEC, 0o600)
      #endif
      if descriptor < 0 {
        let name = AtomicFile.temporaryName(for: folder + "/minhang")
        descriptor = open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        code = errno
        if descriptor >= 0 { unlink(name) }
      }
    }
    guard descriptor >= 0 else {
      throw RecordingError(
        .cannotCreate, path: path, "needs a temporary file, which cannot be made: \(RandomAccessFile.systemMessage(code)); set TMPDIR")
    }
    return descriptor
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Bytes that the disk still has for it.
  var freeBytes: Int {
    var status = statvfs()
    guard fstatvfs(descriptor, &status) == 0 else { return .max }
    let (bytes, overflow) = Int(clamping: status.f_bavail).multipliedReportingOverflow(by: Int(clamping: status.f_frsize))
    return overflow ? .max : bytes
  }

  func append(_ bytes: ArraySlice<UInt8>) throws(RecordingError) {
    var done = 0
    var code: Int32 = 0
    bytes.withUnsafeBytes { buffer in
      while done < buffer.count, code == 0, let base = buffer.baseAddress {
        let count = pwrite(descriptor, base + done, buffer.count - done, off_t(byteCount + done))
        if count < 0 && errno == EINTR { continue }
        if count <= 0 { code = errno } else { done += count }
      }
    }
    guard done == bytes.count else {
      throw RecordingError(
        .inputOutput, path: path, "unpacked data cannot be written at byte \(byteCount + done): \(RandomAccessFile.systemMessage(code))")
    }
    byteCount += done
  }

  /// The bytes for reading; nothing may be appended afterwards.
  func readable() -> RandomAccessFile {
    defer { descriptor = -1 }
    return RandomAccessFile(takingOver: descriptor, path: path, byteCount: byteCount)
  }
}
