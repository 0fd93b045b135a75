import MinhangCore

/// Labels of 16 ASCII characters, each channel with its own.
///
/// A name that is too long is cut in its middle, so that it keeps what tells it from its neighbours: `LFP_RIGHT_ANTERIOR_01` becomes
/// `LFP_RIGHT_ANT_01`. Where no cut tells them apart a number does.
struct EDFLabels {
  private static let width = 16

  /// The label of each channel.
  private(set) var labels: [String] = []
  /// Channels that no reader will call by their names, and what they are called.
  private var renamed: [(name: String, label: String)] = []

  init(_ channels: [Channel]) {
    // The label of the source, unless its name was made of something else: there the label repeats, or a table names the channel.
    let bases = channels.map { ChannelName.cleaned($0.label) == $0.name ? $0.label.trimmingSpaces : $0.name }
    let candidates = bases.map(Self.candidates)
    var uses: [String: Int] = [:]
    for label in candidates.lazy.flatMap(Set.init) { uses[label, default: 0] += 1 }
    // The numbers that names without a label of their own come to, by the beginning of the name.
    var numbers: [String: Int] = [:]
    var taken = Set(EDFFamily.allCases.map(\.annotationLabel))
    for (channel, base) in bases.indices.map({ (channels[$0], bases[$0]) }) {
      let free = candidates[labels.count].filter { !taken.contains($0) }
      var label = free.first { uses[$0] == 1 } ?? free.first ?? ""
      let stem = label.isEmpty ? HeaderField.ascii(base, width: 11) : ""
      while label.isEmpty {
        let number = numbers[stem, default: 2]
        numbers[stem] = number + 1
        let next = String(stem.prefix(Self.width - 1 - String(number).count)) + "-\(number)"
        if !taken.contains(next), uses[next] == nil { label = next }
      }
      taken.insert(label)
      labels.append(label)
      if label != base, ChannelName.cleaned(label) != channel.name { renamed.append((base, label)) }
    }
  }

  /// What is lost of the names: a clause for people; nil where all are kept.
  var loss: String? {
    guard let first = renamed.first else { return nil }
    return "the names of \(renamed.count) channels in \(Self.width) characters of ASCII: \(first.name.quotedForDisplay()) is stored as"
      + " \(first.label.quotedForDisplay())\(renamed.count > 1 ? ", …" : "")"
  }

  /// Labels for a name, the best first: itself, else without a part before one of its last words or numbers, else its beginning.
  private static func candidates(_ name: String) -> [String] {
    let text = Array(HeaderField.ascii(name, width: name.utf8.count))
    guard text.count > width else { return text.isEmpty ? [] : [String(text)] }
    var labels: [String] = []
    for start in text.indices.reversed().prefix(width - 4) {
      let isSeparator = !text[start].isLetter && !text[start].isNumber
      let isNumber = text[start].isNumber && text[start - 1].isLetter
      guard isNumber || isSeparator && start + 1 < text.count else { continue }
      labels.append(String(text.prefix(width - (text.count - start)) + text[start...]))
    }
    labels.append(String(text.prefix(width)).trimmingSpaces)
    return labels
  }
}
