import MinhangCore

/// The text before the data: the first line, the states, the parameters, and an empty line.
struct BCI2000Header {
  /// Headers are read up to this length.
  static let byteLimit = 1 << 24
  private static let statesTitle = Array("[ State Vector Definition ]".utf8)
  private static let parametersTitle = Array("[ Parameter Definition ]".utf8)

  var first: BCI2000FirstLine
  /// Where the data begin.
  var byteCount: Int
  var states: [BCI2000State]
  var parameters: BCI2000Parameters

  init(file: RandomAccessFile, head: FileHead, log: inout WarningLog) throws(RecordingError) {
    first = try BCI2000FirstLine(head, log: &log)
    var bytes: [UInt8] = []
    var trusted: Int?
    if let stated = first.headerBytes, (1...min(file.byteCount, Self.byteLimit)).contains(stated) {
      bytes = try file.bytes(at: 0, count: stated)
      if Self.isText(bytes[...]), bytes.reversed().first(where: { $0 != 0x20 }) == 0x0A { trusted = stated }
    }
    var extent = Self.extent(bytes)
    if trusted == nil || extent == nil {
      bytes = try file.bytes(at: 0, count: min(file.byteCount, Self.byteLimit))
      extent = Self.extent(bytes)
    }
    let shown = first.headerBytes.map(String.init) ?? "no number"
    let field = "header field \"HeaderLen\" at byte \(first.headerBytesPlace) is \(shown)"
    switch (trusted, extent) {
    case (let trusted?, let extent?) where extent <= trusted: byteCount = trusted
    case (let trusted?, nil): byteCount = trusted
    case (_, let extent?):
      byteCount = extent
      log.add(.headerLength, "\(field); read as the \(extent) bytes up to the empty line at the header's end")
    case (nil, nil):
      throw RecordingError(
        .badData, path: file.path,
        "\(field); expected the length of a header of text that ends with an empty line, within \(min(file.byteCount, Self.byteLimit)) bytes"
      )
    }
    states = []
    parameters = BCI2000Parameters()
    parse(bytes[..<min(byteCount, bytes.count)], log: &log)
  }

  /// The end of the first empty line behind the title of the parameters; nil where there is none.
  private static func extent(_ bytes: [UInt8]) -> Int? {
    var hasTitle = false
    var end: Int?
    forEachLine(bytes[...]) { line, next in
      if isTitle(line, parametersTitle) { hasTitle = true }
      if hasTitle && line.isEmpty && bytes[next - 1] == 0x0A { end = next }
      return end == nil
    }
    return end
  }

  private static func isText(_ bytes: ArraySlice<UInt8>) -> Bool { !bytes.contains(0) }

  private static func isTitle(_ line: ArraySlice<UInt8>, _ title: [UInt8]) -> Bool { line.starts(with: title) }

  /// Calls back with each line without its end, and the place of the next one; until the body says false.
  private static func forEachLine(_ bytes: ArraySlice<UInt8>, _ body: (_ line: ArraySlice<UInt8>, _ next: Int) -> Bool) {
    var place = bytes.startIndex
    while place < bytes.endIndex {
      let end = bytes[place...].firstIndex(of: 0x0A) ?? bytes.endIndex
      let next = min(end + 1, bytes.endIndex)
      var line = bytes[place..<end]
      while let last = line.last, last == 0x0D || last == 0x20 || last == 0x09 { line = line.dropLast() }
      guard body(line, next) else { return }
      place = next
    }
  }

  private mutating func parse(_ bytes: ArraySlice<UInt8>, log: inout WarningLog) {
    enum Section { case first, states, parameters }
    var section = Section.first
    var (states, parameters) = (BCI2000States(), BCI2000Parameters())
    Self.forEachLine(bytes) { line, _ in
      if Self.isTitle(line, Self.statesTitle) {
        section = .states
      } else if Self.isTitle(line, Self.parametersTitle) {
        section = .parameters
      } else if !line.isEmpty {
        switch section {
        case .first: break
        case .states: states.add(line, at: line.startIndex, log: &log)
        case .parameters: parameters.add(line, log: &log)
        }
      }
      return true
    }
    self.states = states.all
    self.parameters = parameters
  }
}
