import MinhangCore

/// The text of a header file.
enum BrainVisionHeaderText {
  static func make(
    _ content: RecordingContent, timeline: Timeline, plan: BrainVisionPlan, base: String, losses: inout [String]
  ) -> String {
    var lines = [
      "Brain Vision Data Exchange Header File Version 1.0", "; Written by Minhang", "", "[Common Infos]", "Codepage=UTF-8",
      "DataFile=\(base).eeg", "MarkerFile=\(base).vmrk", "DataFormat=BINARY", "; Data orientation: MULTIPLEXED=ch1,pt1, ch2,pt1 ...",
      "DataOrientation=MULTIPLEXED", "DataType=TIMEDOMAIN", "NumberOfChannels=\(content.channels.count)",
      "DataPoints=\(timeline.sampleCount)", "; Sampling interval in microseconds",
      "SamplingInterval=\(interval(timeline.sampleRate, losses: &losses))", "", "[Binary Infos]",
      "BinaryFormat=\(plan.isWhole ? "INT_16" : "IEEE_FLOAT_32")", "", "[Channel Infos]",
      "; Ch<number>=<name>,<reference>,<resolution in unit>,<unit>; commas in names are written as \"\\1\"",
    ]
    var changed = 0
    for (k, channel) in content.channels.enumerated() {
      let label = ChannelName.cleaned(channel.label) == channel.name ? channel.label : channel.name
      let name = field(label.trimmingSpaces)
      if name.isChanged { changed += 1 }
      let unit = plan.units[k] == .none ? "n/a" : field(plan.units[k].symbol).text
      lines.append("Ch\(k + 1)=\(name.text),,\(number(plan.resolutions[k])),\(unit)")
    }
    if content.channels.contains(where: { $0.position?.unit == .headRadius }) {
      lines += ["", "[Coordinates]", "; Ch<number>=<radius>,<theta>,<phi>, in degrees"]
      // A radius of 0 says that a position is not known; readers want a line for every channel.
      for (k, channel) in content.channels.enumerated() {
        let position = channel.position.flatMap { $0.unit == .headRadius ? $0 : nil }
        lines.append("Ch\(k + 1)=\(position.map(coordinates) ?? "0,0,0")")
      }
    }
    if changed > 0 { losses.append("the control characters in the names of \(changed) channels") }
    losses += content.losses(of: [.positions(but: .headRadius), .words, .qualities, .identity, .measuredRates])
    return lines.joined(separator: "\r\n") + "\r\n"
  }

  /// The sampling interval in microseconds, such that a reader's `1000000 / interval` is the rate again.
  private static func interval(_ rate: Double, losses: inout [String]) -> String {
    let interval = 1e6 / rate
    let best = [interval, interval.nextUp, interval.nextDown].min { abs(1e6 / $0 - rate) < abs(1e6 / $1 - rate) } ?? interval
    if 1e6 / best != rate {
      losses.append("the sampling rate of \(rate) Hz to its last digit: its interval reads back as \(1e6 / best) Hz")
    }
    return number(best)
  }

  /// A number as it is read back to the last bit; whole ones without a point.
  static func number(_ value: Double) -> String {
    if let whole = Int(exactly: value), abs(whole) < 1_000_000_000_000 { return String(whole) }
    return "\(value)"
  }

  /// A text as it may stand between commas, and whether it had to be changed beyond what is read back.
  static func field(_ text: String) -> (text: String, isChanged: Bool) {
    var isChanged = text.contains("\\1")
    var plain = ""
    for scalar in text.unicodeScalars {
      if scalar == "," {
        plain += "\\1"
      } else if scalar.value < 0x20 || scalar.value == 0x7F {
        plain += " "
        isChanged = true
      } else {
        plain.unicodeScalars.append(scalar)
      }
    }
    return (plain, isChanged)
  }

  /// Radius, and in degrees theta from the vertex and phi from the right.
  private static func coordinates(_ position: SensorPosition) -> String {
    let radius = (position.x * position.x + position.y * position.y + position.z * position.z).squareRoot()
    guard radius > 0, radius.isFinite else { return "0,0,0" }
    let theta = Angle.arcCosine(max(-1, min(1, position.z / radius))) * 180 / .pi
    let phi = Angle.arcTangent(position.y, position.x) * 180 / .pi
    return [radius, theta, phi].map(number).joined(separator: ",")
  }

  /// The name that header and marker file have for the files beside them.
  ///
  /// - Throws: `notRepresentable` for a name that a line of a header cannot hold.
  static func base(of stem: String, path: String) throws(RecordingError) -> String {
    let base = stem.lastIndex(of: "/").map { String(stem[stem.index(after: $0)...]) } ?? stem
    guard !base.isEmpty, base.trimmingSpaces == base, base.utf8.count < 1000,
      !base.contains("\\"), !base.contains("$"), !base.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F })
    else {
      throw RecordingError(
        .notRepresentable, path: path,
        "the header cannot name files after it; expected a name without control characters, \"\\\" and \"$\", nor blanks at its ends")
    }
    return base
  }
}
