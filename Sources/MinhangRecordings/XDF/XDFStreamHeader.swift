import MinhangCore

/// What the header of a stream says.
struct XDFStreamHeader: Sendable {
  /// More channels than any device has.
  static let mostChannels = 20_000

  /// A channel as `desc/channels/channel` describes it.
  struct ChannelText: Sendable {
    var label = ""
    var unit = ""
    var type = ""
    var position: SensorPosition?
  }

  var id: UInt32
  var name: String
  var type: String
  var channelCount: Int
  /// Hz; 0 for a stream without a rate, nil where the header states no usable one.
  var nominalRate: Double?
  var format: XDFSampleFormat
  /// Whether the device leaves out samples: its stamps are then not laid on a line.
  var canDropSamples: Bool
  var channels: [ChannelText]

  /// The name as it is shown in messages.
  var shown: String { name.isEmpty ? "stream \(id)" : "stream \(name.quotedForDisplay())" }

  /// Whether its samples come at an even rate.
  var isRegular: Bool { nominalRate != 0 }

  /// Whether its samples become channels; the others become events or are left out.
  var isSignal: Bool { isRegular && format != .string }

  /// Reads a header.
  ///
  /// - Returns: nil where the stream cannot be read, with a warning that says why.
  init?(id: UInt32, _ document: XMLDocument, at byte: Int, log: inout WarningLog) {
    let place = "header of stream \(id) at byte \(byte)"
    if let defect = document.defect { log.add(.streamHeader, "\(place): \(defect)") }
    guard let info = document.root, info.name == "info" else {
      log.add(
        .leftOutStream,
        "\(place) holds \(document.root.map { "<\($0.name.escapedForDisplay.prefix(40))>" } ?? "nothing"); expected <info>; the stream is left out"
      )
      return nil
    }
    self.id = id
    name = String((info.text(of: "name") ?? "").prefix(1000))
    type = String((info.text(of: "type") ?? "").prefix(1000))
    let countText = info.text(of: "channel_count") ?? ""
    guard let count = HeaderNumber.decimal(countText).flatMap({ Int(exactly: $0.value) }), (1...Self.mostChannels).contains(count) else {
      log.add(
        .leftOutStream,
        "\(place): field \"channel_count\" is \(countText.quotedForDisplay()); expected a whole number 1…\(Self.mostChannels); the stream is left out"
      )
      return nil
    }
    if HeaderNumber.whole(countText) == nil {
      log.add(.numberStyle, "\(place): field \"channel_count\" is \(countText.quotedForDisplay()); expected a whole number")
    }
    channelCount = count
    let formatText = info.text(of: "channel_format") ?? ""
    guard let format = XDFSampleFormat(rawValue: formatText) ?? Self.misspelt(formatText) else {
      let known = XDFSampleFormat.allCases.map(\.rawValue).joined(separator: ", ")
      log.add(
        .leftOutStream,
        "\(place): field \"channel_format\" is \(formatText.quotedForDisplay()); expected one of \(known); the stream is left out")
      return nil
    }
    if format.rawValue != formatText {
      log.add(.streamHeader, "\(place): field \"channel_format\" is \(formatText.quotedForDisplay()); taken for \(format.rawValue)")
    }
    self.format = format
    let rateText = info.text(of: "nominal_srate") ?? ""
    let rate = HeaderNumber.decimal(rateText)
    if let rate, rate.value == 0 || SamplingRate.isUsable(rate.value) {
      nominalRate = rate.value
      if rate.hasComma { log.add(.numberStyle, "\(place): field \"nominal_srate\" is \(rateText.quotedForDisplay()), with a comma") }
    } else {
      // Text without a rate is a marker stream, whatever else it is.
      nominalRate = format == .string ? 0 : nil
      log.add(
        .sampleRate,
        "\(place): field \"nominal_srate\" is \(rateText.quotedForDisplay()); expected 0 or 1e-6…1e9 Hz; the time stamps decide")
    }
    let description = info["desc"]
    canDropSamples = description?["synchronization"]?.text(of: "can_drop_samples")?.lowercased() == "true"
    channels = (description?["channels"]?.all("channel") ?? []).prefix(Self.mostChannels).map(ChannelText.init)
    if !channels.isEmpty && channels.count != count {
      log.add(.streamHeader, "\(place) describes \(channels.count) channels, but field \"channel_count\" is \(count)")
    }
  }

  private static func misspelt(_ text: String) -> XDFSampleFormat? {
    let lowered = text.lowercased()
    return XDFSampleFormat(rawValue: lowered) ?? XDFSampleFormat.aliases[lowered]
  }
}

extension XDFStreamHeader.ChannelText {
  /// Reads one channel's description.
  ///
  /// Positions are in millimetres: X to the right, Y to the front, Z up. **Source:** XDF wiki, "EEG Meta-Data".
  init(_ element: XMLElement) {
    label = String((element.text(of: "label") ?? "").prefix(200))
    unit = String((element.text(of: "unit") ?? "").prefix(60))
    type = String((element.text(of: "type") ?? "").prefix(60))
    if let location = element["location"] {
      let parts = ["X", "Y", "Z"].map { location.text(of: $0).flatMap(HeaderNumber.decimal)?.value }
      if let x = parts[0], let y = parts[1], let z = parts[2], x.isFinite, y.isFinite, z.isFinite {
        position = SensorPosition(x: x / 1000, y: y / 1000, z: z / 1000, unit: .metre)
      }
    }
  }
}
