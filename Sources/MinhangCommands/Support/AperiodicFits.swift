import MinhangBCI

/// What `psd --aperiodic` found, as it is printed.
struct AperiodicFits {
  /// One channel.
  struct Channel {
    var name: String
    var component: AperiodicComponent
    var determination: Double
    var converged: Bool
    var peaks: [SpectralParameterization.Peak] = []
  }

  var algorithm: AperiodicAlgorithm
  var method: SpectrumMethod
  var mode: AperiodicComponent.Mode
  /// Frequencies fitted, Hz.
  var range: ClosedRange<Double>
  var windows: Int
  var channels: [Channel] = []

  /// One JSON object, or a table: a row for each channel's aperiodic component and one for each of its peaks.
  func text(json: Bool) -> String { json ? object.text + "\n" : table.text(json: false) }

  private var object: JSONValue {
    [
      "aperiodic": .string(algorithm.rawValue), "method": .string(method.rawValue), "mode": .string(mode.rawValue),
      "range": .numbers([range.lowerBound, range.upperBound]), "windows": .integer(windows),
      "channels": .array(
        channels.map { channel in
          [
            "channel": .string(channel.name), "offset": .number(channel.component.offset),
            "knee": mode == .knee ? .number(channel.component.knee) : .null, "exponent": .number(channel.component.exponent),
            "r_squared": .number(channel.determination), "converged": .bool(channel.converged),
            "peaks": .array(
              channel.peaks.map {
                ["frequency": .number($0.frequency), "power": .number($0.height), "bandwidth": .number($0.bandwidth)]
              }),
          ]
        }),
    ]
  }

  private var table: Table {
    var table = Table(
      columns: ["channel", "component", "offset", "knee", "exponent", "r_squared", "frequency", "power", "bandwidth"])
    for channel in channels {
      table.rows.append([
        .text(channel.name), .text("aperiodic"), .number(channel.component.offset),
        mode == .knee ? .number(channel.component.knee) : .missing, .number(channel.component.exponent), .number(channel.determination),
        .missing, .missing, .missing,
      ])
      for peak in channel.peaks {
        table.rows.append([
          .text(channel.name), .text("peak"), .missing, .missing, .missing, .missing, .number(peak.frequency), .number(peak.height),
          .number(peak.bandwidth),
        ])
      }
    }
    return table
  }
}
