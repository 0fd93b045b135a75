import MinhangCore

/// Keeps the whole chunks of an XDF file that a crash has cut or something has damaged.
struct XDFRepair {
  private let file: RandomAccessFile

  init(file: RandomAccessFile) { self.file = file }

  func write(to target: WritingTarget) throws(RecordingError) -> RepairReport {
    var report = RepairReport(format: "XDF", unit: "chunks")
    var walk = XDFChunkWalk(file: file)
    var kept = [0..<XDFChunkWalk.magicBytes]
    var place = XDFChunkWalk.magicBytes
    while place < file.byteCount {
      if let chunk = try walk.chunk(at: place) {
        report.kept += 1
        // Neighbours are copied together.
        if kept[kept.count - 1].upperBound == place {
          kept[kept.count - 1] = kept[kept.count - 1].lowerBound..<chunk.range.upperBound
        } else {
          kept.append(chunk.range)
        }
        place = chunk.range.upperBound
        continue
      }
      report.lost = nil
      let next = try walk.resumption(after: place)
      report.lostBytes += next - place
      place = next
    }
    guard report.isNeeded else { return report }
    guard report.kept > 0 else {
      throw RecordingError(.badData, path: file.path, "chunk at byte 4 is not whole and none follows; expected something to keep")
    }
    let output = try AtomicFile(path: target.path, replacing: target.isReplacing, inputs: target.inputs)
    for range in kept { try output.append(range, of: file) }
    try output.commit()
    return report
  }
}
