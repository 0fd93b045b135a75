import MinhangCore

@testable import MinhangRecordings

/// A small Blackrock NEV file, made field by field.
struct SampleNEV: Decodable {
  struct Packet: Decodable {
    var stamp: Int
    var identifier: Int
    /// What follows on the identifier; filled up with zeros.
    var body: [Int]
  }

  var version = [2, 3]
  var resolution = 30_000
  var origin = [2024, 6, 5, 7, 13, 14, 15, 250]
  var packetBytes = 20
  var statedPacketBytes: Int?
  var extensionCount: Int?
  var headerBytes: Int?
  var labels: [String: String] = ["12": "elec12"]
  var packets: [Packet] = []

  enum CodingKeys: CodingKey { case version, resolution, origin, packetBytes, labels, packets }

  var bytes: [UInt8] {
    let size = 336 + 32 * labels.count
    var bytes = [UInt8](version[0] == 3 ? "BREVENTS" : "NEURALEV", bytes: 8) + version.map { UInt8($0) } + [1, 0]
    bytes += [UInt8](headerBytes ?? size, bytes: 4) + [UInt8](statedPacketBytes ?? packetBytes, bytes: 4)
    bytes += [UInt8](resolution, bytes: 4) + [UInt8](30_000, bytes: 4) + [UInt8](words: origin) + [UInt8]("test", bytes: 32)
    bytes += [UInt8]("", bytes: 256) + [UInt8](extensionCount ?? labels.count, bytes: 4)
    for (electrode, label) in labels.sorted(by: { $0.key < $1.key }) {
      bytes += [UInt8]("NEUEVLBL", bytes: 8) + [UInt8](Int(electrode) ?? 0, bytes: 2) + [UInt8](label, bytes: 16) + [UInt8](0, bytes: 6)
    }
    for packet in packets {
      let head = [UInt8](packet.stamp, bytes: version[0] == 3 ? 8 : 4) + [UInt8](packet.identifier, bytes: 2)
      bytes += (head + packet.body.map { UInt8($0) } + [UInt8](repeating: 0, count: packetBytes)).prefix(packetBytes)
    }
    return bytes
  }

  func open() throws -> any RecordingReader {
    let folder = try SampleFolder()
    return try Recording.open(path: folder.write(bytes, "a.nev"))
  }
}

extension SampleNEV {
  init(packets: [(stamp: Int, identifier: Int, body: [Int])]) {
    self.packets = packets.map { Packet(stamp: $0.stamp, identifier: $0.identifier, body: $0.body) }
  }
}
