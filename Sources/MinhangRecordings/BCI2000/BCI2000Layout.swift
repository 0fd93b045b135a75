/// Where the samples of a BCI2000 file lie: for each sample the values of all channels, then the state vector.
struct BCI2000Layout: Sendable {
  var headerBytes: Int
  var channelCount: Int
  var sampleType: GDFSampleType
  var vectorBytes: Int
  var sampleCount: Int

  /// Counts the samples that the file holds, and tells of what is left over.
  init(_ header: BCI2000Header, byteCount: Int, log: inout WarningLog) {
    let first = header.first
    headerBytes = header.byteCount
    channelCount = first.channelCount
    sampleType = first.sampleType
    vectorBytes = first.vectorBytes
    let rest = byteCount - header.byteCount
    let needed = header.states.map(\.vectorBytes).max() ?? 0
    // Sizes in which the states fit and the data come out even speak against a stated size in which neither is so.
    if needed > vectorBytes, rest % first.frameBytes != 0, rest % (first.valueBytes + needed) == 0 {
      log.add(
        .headerLength, "header field \"StatevectorLen\" is \(vectorBytes); read as the \(needed) bytes that the states need")
      vectorBytes = needed
    }
    let frame = first.valueBytes + vectorBytes
    sampleCount = rest / frame
    let left = rest % frame
    if left > 0 { log.add(.cutRecord, "the file ends within a sample: \(left) of \(frame) bytes are left over") }
  }

  var valueBytes: Int { channelCount * sampleType.byteCount }
  var frameBytes: Int { valueBytes + vectorBytes }

  /// The states that lie within the vector; the others are told.
  func readable(_ states: [BCI2000State], log: inout WarningLog) -> [BCI2000State] {
    states.filter { state in
      if state.vectorBytes <= vectorBytes { return true }
      log.add(
        .annotation,
        "state \(state.name.quotedForDisplay()) needs \(state.vectorBytes) bytes of a state vector of \(vectorBytes); its events are lost")
      return false
    }
  }
}
