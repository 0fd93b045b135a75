import Foundation

/// Warnings that differ only in the channel they name, told as one: a recording of 64 channels with one pause has one warning, not 64.
enum WarningGroups {
  /// The lines with those of one text brought together, in the order of their first.
  ///
  /// - Parameter lines: Messages; those of the form `… channel "NAME": TEXT` can be brought together.
  static func collapsed(_ lines: [String]) -> [String] {
    var order: [String] = []
    var groups: [String: (before: String, names: [String], after: String)] = [:]
    for line in lines {
      guard let (before, name, after) = parts(line) else {
        order.append(line)
        continue
      }
      let key = before + "\u{0}" + after
      if groups[key] == nil { order.append(key) }
      groups[key, default: (before, [], after)].names.append(name)
    }
    return order.map { key in
      guard let group = groups[key] else { return key }
      if group.names.count == 1 { return "\(group.before)channel \"\(group.names[0])\": \(group.after)" }
      let shown = group.names.prefix(6).map { "\"\($0)\"" }.joined(separator: ", ")
      let more = group.names.count > 6 ? " and \(group.names.count - 6) more" : ""
      return "\(group.before)\(group.names.count) channels (\(shown)\(more)): each \(group.after)"
    }
  }

  private static func parts(_ line: String) -> (before: String, name: String, after: String)? {
    guard let start = line.range(of: "channel \""), let end = line.range(of: "\": ", range: start.upperBound..<line.endIndex) else {
      return nil
    }
    return (String(line[..<start.lowerBound]), String(line[start.upperBound..<end.lowerBound]), String(line[end.upperBound...]))
  }
}
