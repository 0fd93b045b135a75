import MinhangCore

/// A stream to be written: which channels it holds and where its chunks lie in the file.
struct XDFStreamPlan {
  /// Bytes before the first sample of a chunk: length, tag, stream, number of samples.
  static let headBytes = 16
  /// Bytes before a sample's values: the mark and the time stamp.
  static let stampBytes = 9
  private static let mostChunkBytes = 1 << 20

  var id: UInt32
  var name: String
  /// The channels of the recording in their order in the stream.
  var channels: [Int]
  var sampleRate: Double
  var timeline: Timeline
  /// The place of the first chunk in the file.
  var offset = 0
  var written = 0

  var sampleCount: Int { timeline.sampleCount }
  var sampleBytes: Int { Self.stampBytes + 8 * channels.count }
  /// Samples of a chunk: ten seconds or one mebibyte.
  var chunkSamples: Int { max(1, min(Int((min(sampleRate, 1e6) * 10).rounded(.up)), Self.mostChunkBytes / sampleBytes)) }
  /// Bytes from one chunk to the next: with the boundary that follows each.
  var chunkStride: Int { Self.headBytes + chunkSamples * sampleBytes + XDFChunkBytes.boundary.count }

  /// The streams of a recording: one for each clock and rate.
  static func streams(of content: RecordingContent) -> [XDFStreamPlan] {
    var plans: [XDFStreamPlan] = []
    var places: [[Double]: Int] = [:]
    for k in content.channels.indices {
      let channel = content.channels[k]
      let key = [Double(channel.stream), channel.sampleRate, Double(channel.sampleCount)]
      if let place = places[key] {
        plans[place].channels.append(k)
        continue
      }
      places[key] = plans.count
      let name = content.streams[channel.stream].name
      plans.append(
        XDFStreamPlan(
          id: UInt32(plans.count + 1), name: name.isEmpty ? "Signals-\(plans.count + 1)" : name, channels: [k],
          sampleRate: channel.sampleRate,
          timeline: content.timeline(of: k)))
    }
    return plans
  }

  /// The place of a sample in the file.
  func place(ofSample sample: Int) -> Int {
    offset + sample / chunkSamples * chunkStride + Self.headBytes + sample % chunkSamples * sampleBytes
  }

  /// The header of the stream.
  func header(_ all: [Channel]) -> [UInt8] {
    let kinds = Set(channels.map { all[$0].kind })
    let type = kinds.count == 1 ? kinds.first.map { $0.rawValue.uppercased() } ?? "" : kinds.contains(.eeg) ? "EEG" : "MISC"
    // Else a reader would lay the stretches of short gaps on one line.
    let gaps =
      timeline.segments.count > 1 ? "<synchronization>" + XDFChunkBytes.element("can_drop_samples", "true") + "</synchronization>" : ""
    let described = channels.map { index -> String in
      let channel = all[index]
      let isVoltage = channel.unit.microvoltsPerUnit != nil
      var text = XDFChunkBytes.element("label", channel.name)
      text += XDFChunkBytes.element("unit", isVoltage ? "microvolts" : channel.unit.symbol)
      text += XDFChunkBytes.element("type", channel.kind.rawValue.uppercased())
      if let position = channel.position, position.unit == .metre {
        text += "<location>" + XDFChunkBytes.element("X", "\(position.x * 1000)") + XDFChunkBytes.element("Y", "\(position.y * 1000)")
        text += XDFChunkBytes.element("Z", "\(position.z * 1000)") + "</location>"
      }
      return "<channel>\(text)</channel>"
    }
    return Self.header(
      id: id, name: name, type: type, count: channels.count, rate: sampleRate, format: .double64,
      description: "<channels>\(described.joined())</channels>" + gaps)
  }

  static func header(id: UInt32, name: String, type: String, count: Int, rate: Double, format: XDFSampleFormat, description: String)
    -> [UInt8]
  {
    let fields = [
      ("name", name), ("type", type), ("channel_count", "\(count)"),
      ("nominal_srate", rate == rate.rounded() && rate < 1e15 ? "\(Int(rate))" : "\(rate)"),
      ("channel_format", format.rawValue), ("source_id", ""), ("version", "1.1"), ("created_at", "0"),
    ]
    let text = fields.map { XDFChunkBytes.element($0.0, $0.1) }.joined()
    return XDFChunkBytes.chunk(2, stream: id, Array("<?xml version=\"1.0\"?><info>\(text)<desc>\(description)</desc></info>".utf8))
  }

  /// The end of a stream.
  static func footer(id: UInt32, first: Double, last: Double, count: Int) -> [UInt8] {
    let text =
      XDFChunkBytes.element("first_timestamp", "\(first)") + XDFChunkBytes.element("last_timestamp", "\(last)")
      + XDFChunkBytes.element("sample_count", "\(count)")
    return XDFChunkBytes.chunk(6, stream: id, Array("<?xml version=\"1.0\"?><info>\(text)</info>".utf8))
  }
}
