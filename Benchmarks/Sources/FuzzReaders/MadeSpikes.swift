import Foundation

/// Small recordings of intracortical arrays: SpikeGLX, flat binaries with a description, Blackrock NSx and NEV, tables of spikes.
enum MadeSpikes {
  /// Writes them into a folder, each with the files that belong to it.
  ///
  /// - Parameter format: Only the files that are opened by this suffix; nil for all.
  static func write(to folder: String, format: String?) throws {
    func write(_ bytes: [UInt8], _ name: String) throws { try Data(bytes).write(to: URL(fileURLWithPath: "\(folder)/\(name)")) }
    let samples = (0..<600).flatMap { number(($0 * 37) % 2000 - 1000, 2) }
    if format == nil || format == "bin" {
      let meta = [
        "typeThis=imec", "imSampRate=30000", "imAiRangeMax=0.6", "imDatPrb_type=0", "nSavedChans=4", "acqApLfSy=3,0,1", "snsApLfSy=3,0,1",
        "snsSaveChanSubset=all", "fileSizeBytes=1200", "fileCreateTime=2024-06-07T13:14:15",
        "~imroTbl=(0,3)(0 0 1 500 250 1)(1 0 1 500 250 1)(2 0 1 500 250 1)", "~snsChanMap=(3,0,1)(AP0;0:0)(AP1;1:1)(AP2;2:2)(SY0;3:3)",
      ]
      try write(samples, "probe.bin")
      try write(Array((meta.joined(separator: "\n") + "\n").utf8), "probe.meta")
      let description =
        "{\"sampling_rate\": 1000, \"channels\": [\"a\", \"b\", \"c\"], \"dtype\": \"int16\", \"gains\": [0.25, 1, 2], \"offset\": 6}"
      try write(samples, "flat.bin")
      try write(Array(description.utf8), "flat.json")
    }
    let date = [2024, 6, 5, 7, 13, 14, 15, 250].flatMap { number($0, 2) }
    if format == nil || format == "ns5" {
      try write(signal("NEURALCD", [2, 3], date: date, packets: [(0, 0..<120), (90, 120..<200)]), "array.ns5")
      try write(events("NEURALEV", [2, 3], date: date), "array.nev")
      try write(signal("BRSMPGRP", [3, 0], date: date, packets: (0..<60).map { (1_000_000 + $0 * 33_336, $0..<($0 + 1)) }), "clock.ns5")
      try write(signal("NEURALSG", [2, 1], date: date, packets: [(0, 0..<100)]), "old.ns5")
    }
    if format == nil || format == "nev" {
      try write(events("NEURALEV", [2, 3], date: date), "short.nev")
      try write(events("BREVENTS", [3, 0], date: date), "long.nev")
    }
    if format == nil || format == "csv" {
      let rows = (0..<80).map { "\($0 % 5),\($0 % 3),\(Double(($0 * 7) % 80) / 8)" }.joined(separator: "\n")
      try write(Array("electrode,unit,spike_time (ms)\n\(rows)\n".utf8), "spikes.csv")
      try write(Array("# sorted\ntime;cluster_id\n0,5;a\n0,75;b\n1,25;a\n".utf8), "comma.csv")
    }
    if format == nil || format == "npz" { try write(archive(), "spikes.npz") }
  }

  private static func number(_ value: Int, _ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }

  private static func text(_ text: String, _ count: Int) -> [UInt8] {
    Array((Array(text.utf8) + [UInt8](repeating: 0, count: count)).prefix(count))
  }

  /// An NSx file of three channels.
  private static func signal(_ magic: String, _ version: [UInt8], date: [UInt8], packets: [(stamp: Int, samples: Range<Int>)]) -> [UInt8] {
    let values = packets.map { packet in packet.samples.flatMap { k in (0..<3).flatMap { number(k * (1 - $0), 2) } } }
    if magic == "NEURALSG" {
      return text(magic, 8) + text("1 kS/s", 16) + number(30, 4) + number(3, 4) + (1...3).flatMap { number($0, 4) } + values.joined()
    }
    let isLong = version[0] == 3
    var bytes = text(magic, 8) + version + number(314 + 3 * 66, 4) + text("30 kS/s", 16) + text("", 256) + number(1, 4)
    bytes += number(isLong ? 1_000_000_000 : 30_000, 4) + date + number(3, 4)
    for channel in 1...3 {
      bytes += text("CC", 2) + number(channel, 2) + text("chan\(channel)", 16) + [1, 2]
      bytes += [-1000, 1000, -250, 250].flatMap { number($0, 2) } + text("uV", 16)
      bytes += number(300, 4) + number(1, 4) + number(1, 2) + number(7_500_000, 4) + number(3, 4) + number(1, 2)
    }
    for (packet, samples) in zip(packets, values) {
      bytes += [1] + number(packet.stamp, isLong ? 8 : 4) + number(packet.samples.count, 4) + samples
    }
    return bytes
  }

  /// A NEV file with spikes, digital inputs and comments.
  private static func events(_ magic: String, _ version: [UInt8], date: [UInt8]) -> [UInt8] {
    let (isLong, size) = (version[0] == 3, 24)
    var bytes = text(magic, 8) + version + number(1, 2) + number(336 + 64, 4) + number(size, 4) + number(30_000, 4) + number(30_000, 4)
    bytes += date + text("made", 32) + text("", 256) + number(2, 4)
    bytes += text("NEUEVLBL", 8) + number(1, 2) + text("chan1", 22) + text("NEUEVWAV", 8) + number(1, 2) + text("", 22)
    for k in 0..<60 {
      let packet =
        number(k * 7000, isLong ? 8 : 4) + number([1, 0, 2, 0xFFFF, 1, 0xFFFB][k % 6], 2) + [UInt8(k % 4), 0, 65, 66, 67, 68, 69, 70]
      bytes += text("", 0) + packet + [UInt8](repeating: 0, count: size - packet.count)
    }
    return bytes
  }

  /// An archive of spike times and of where each unit's end, stored.
  private static func archive() -> [UInt8] {
    func array(_ type: String, _ values: [UInt8], _ count: Int) -> [UInt8] {
      let words = "{'descr': '\(type)', 'fortran_order': False, 'shape': (\(count),), }"
      return [0x93] + Array("NUMPY".utf8) + [1, 0] + number(118, 2) + Array(words.utf8)
        + [UInt8](repeating: 0x20, count: 117 - words.utf8.count) + [0x0A] + values
    }
    let times = (0..<20).flatMap { k in withUnsafeBytes(of: (Double(k) / 8).bitPattern.littleEndian) { Array($0) } }
    let entries = [
      ("spike_times.npy", array("<f8", times, 20)), ("spike_times_index.npy", array("<i4", [8, 8, 20].flatMap { number($0, 4) }, 3)),
    ]
    var (file, directory): ([UInt8], [UInt8]) = ([], [])
    for (name, bytes) in entries {
      let common =
        number(20, 2) + number(0, 12) + number(bytes.count, 4) + number(bytes.count, 4) + number(name.utf8.count, 2) + number(0, 2)
      directory += number(0x0201_4B50, 4) + number(20, 2) + common + number(0, 10) + number(file.count, 4) + Array(name.utf8)
      file += number(0x0403_4B50, 4) + common + Array(name.utf8) + bytes
    }
    return file + directory + number(0x0605_4B50, 4) + number(0, 4) + number(2, 2) + number(2, 2) + number(directory.count, 4)
      + number(file.count, 4) + number(0, 2)
  }
}
