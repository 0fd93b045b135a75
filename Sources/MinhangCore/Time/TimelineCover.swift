/// Which segment holds a time, for segments that overlap or go back: time cut where one begins or ends, and the first segment over each piece.
///
/// Made in O(segments · log segments), asked in O(log segments), however they overlap.
struct TimelineCover: Sendable, Hashable {
  /// Where a segment begins or ends, half a sample of play included, seconds, in order.
  private var cuts: [Double]
  /// The first segment that holds the times from a cut to the next; −1 for none.
  private var owners: [Int]

  init(_ segments: [Segment], sampleRate: Double) {
    let bounds = segments.map { segment in
      let rate = segment.measuredRate ?? sampleRate
      return (start: segment.start - 0.5 / rate, end: segment.start + (Double(segment.sampleCount) - 0.5) / rate)
    }
    cuts = Set(bounds.flatMap { [$0.start, $0.end] }.filter(\.isFinite)).sorted()
    owners = [Int](repeating: -1, count: cuts.count)
    // The first piece from each on that has no owner yet: what earlier segments hold is leapt over.
    var free = Array(0...cuts.count)
    for (segment, bound) in bounds.enumerated() where bound.start < bound.end {
      let end = cuts.partitioningIndex { $0 >= bound.end }
      var piece = cuts.partitioningIndex { $0 >= bound.start }
      while true {
        var first = piece
        while free[first] != first { first = free[first] }
        // The way is made short for whoever comes next.
        while free[piece] != first { (piece, free[piece]) = (free[piece], first) }
        guard first < end else { break }
        owners[first] = segment
        free[first] = first + 1
        piece = first + 1
      }
    }
  }

  /// The segments that may hold a time, in order: those of its piece and, as rounding may have moved a cut, of the pieces beside it.
  func segments(near time: Double) -> [Int] {
    let next = cuts.partitioningIndex { $0 > time }
    return (next - 2...next).filter { owners.indices.contains($0) && owners[$0] >= 0 }.map { owners[$0] }.sorted()
  }
}
