import Crypto
import Foundation
import MinhangRecordings

/// The SHA-256 digest of content, as 64 lower-case hexadecimal digits.
public enum ContentDigest {
  /// The digest of bytes.
  public static func sha256(of bytes: some Sequence<UInt8>) -> String {
    var hash = SHA256()
    hash.update(data: Array(bytes))
    return text(hash.finalize())
  }

  /// The digest of a file, read in pieces of 1 MiB.
  ///
  /// - Parameter path: The file; `-` is standard input, whole.
  /// - Throws: `DecodingError` `.unreadable`.
  public static func sha256(ofFile path: String) throws(DecodingError) -> String {
    let place: String
    do throws(RecordingError) {
      place = path == StandardInput.name ? try StandardInput.path() : path
    } catch {
      throw DecodingError(.unreadable, "\(path.escapedForDisplay): \(error.message)")
    }
    guard let file = FileHandle(forReadingAtPath: place) else {
      throw DecodingError(.unreadable, "\(path.escapedForDisplay): cannot be opened; expected a readable file")
    }
    defer { try? file.close() }
    var hash = SHA256()
    do {
      while let piece = try file.read(upToCount: 1 << 20), !piece.isEmpty { hash.update(data: piece) }
    } catch {
      throw DecodingError(.unreadable, "\(path.escapedForDisplay): cannot be read to its end")
    }
    return text(hash.finalize())
  }

  private static func text(_ digest: SHA256.Digest) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var bytes: [UInt8] = []
    for byte in digest {
      bytes.append(digits[Int(byte >> 4)])
      bytes.append(digits[Int(byte & 15)])
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
