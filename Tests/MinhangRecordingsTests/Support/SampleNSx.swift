import MinhangCore

@testable import MinhangRecordings

/// A small Blackrock NSx file, made field by field.
struct SampleNSx {
  struct Channel: Decodable {
    var electrode: Int
    var label: String
    /// Digital minimum and maximum, analog minimum and maximum.
    var ranges: [Int]
    var unit: String
    /// Corner in millihertz, order, kind.
    var high: [Int]
    var low: [Int]
  }

  struct Packet: Decodable {
    var stamp: Int
    var samples: [Int]
    /// Another number of points than there are.
    var points: Int?
    var mark: Int?
  }

  var magic = "NEURALCD"
  var version = [2, 3]
  var headerBytes: Int?
  var period = 1
  var resolution = 30_000
  var origin = [2024, 6, 5, 7, 13, 14, 15, 250]
  var channelCount: Int?
  var channels = ["a1", "a2"].enumerated().map {
    Channel(electrode: $0.offset + 1, label: $0.element, ranges: [-1000, 1000, -250, 250], unit: "uV", high: [0, 0, 0], low: [0, 0, 0])
  }
  var packets: [Packet] = [Packet(stamp: 0, samples: Array(0..<20))]

  var bytes: [UInt8] {
    if magic == "NEURALSG" {
      var bytes = [UInt8]("NEURALSG", bytes: 8) + [UInt8]("30 kS/s", bytes: 16) + [UInt8](period, bytes: 4)
      bytes += [UInt8](channelCount ?? channels.count, bytes: 4) + channels.flatMap { [UInt8]($0.electrode, bytes: 4) }
      return bytes + packets.flatMap { [UInt8](words: $0.samples) }
    }
    let size = 314 + 66 * channels.count
    var bytes = [UInt8](magic, bytes: 8) + version.map { UInt8($0) } + [UInt8](headerBytes ?? size, bytes: 4)
    bytes += [UInt8]("30 kS/s", bytes: 16) + [UInt8]("", bytes: 256) + [UInt8](period, bytes: 4) + [UInt8](resolution, bytes: 4)
    bytes += [UInt8](words: origin) + [UInt8](channelCount ?? channels.count, bytes: 4)
    for channel in channels {
      bytes += Array("CC".utf8) + [UInt8](channel.electrode, bytes: 2) + [UInt8](channel.label, bytes: 16) + [1, 2]
      bytes += [UInt8](words: channel.ranges) + [UInt8](channel.unit, bytes: 16)
      for corner in [channel.high, channel.low] {
        bytes += [UInt8](corner[0], bytes: 4) + [UInt8](corner[1], bytes: 4) + [UInt8](corner[2], bytes: 2)
      }
    }
    for packet in packets {
      bytes.append(UInt8(packet.mark ?? 1))
      bytes += [UInt8](packet.stamp, bytes: magic == "BRSMPGRP" ? 8 : 4)
      bytes += [UInt8](packet.points ?? packet.samples.count / max(1, channels.count), bytes: 4) + [UInt8](words: packet.samples)
    }
    return bytes
  }

  func open(options: OpeningOptions = .none) throws -> any RecordingReader {
    let folder = try SampleFolder()
    return try Recording.open(path: folder.write(bytes, "a.ns5"), options: options)
  }
}
