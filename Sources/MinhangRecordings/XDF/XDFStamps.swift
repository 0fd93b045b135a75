/// The time stamps of a stream's samples, seconds: those that the file states, and how many samples between them carry none.
///
/// A sample without a stamp lies one interval behind the one before it. Memory grows with the stamps that are stated, not with the samples.
struct XDFStamps: Sendable, Hashable, Sequence {
  /// Samples that carry stamps and, behind them, samples that carry none.
  private struct Piece: Sendable, Hashable {
    var stated = 0
    var implied = 0
  }

  /// What is added to the stamps of samples up to one, exclusive.
  private struct Shift: Sendable, Hashable {
    var end: Int
    var line: HuberLine
  }

  private(set) var count = 0
  /// Seconds between samples that carry no stamp.
  private let interval: Double
  private var stated: [Double] = []
  private var pieces: [Piece] = []
  private var lastPiece = Piece()
  private var shifts: [Shift] = []

  init(interval: Double) { self.interval = interval }

  var underestimatedCount: Int { count }

  /// Takes the stamp of the next sample.
  @inline(__always)
  mutating func append(_ stamp: Double) {
    if lastPiece.implied > 0 {
      pieces.append(lastPiece)
      lastPiece = Piece()
    }
    lastPiece.stated += 1
    stated.append(stamp)
    count += 1
  }

  /// Takes the next sample, which carries no stamp.
  @inline(__always)
  mutating func appendImplied() {
    lastPiece.implied += 1
    count += 1
  }

  /// Takes the last samples away, before any line is added.
  mutating func removeLast(_ number: Int) {
    var left = number
    count -= number
    while left > 0 {
      let implied = Swift.min(left, lastPiece.implied)
      lastPiece.implied -= implied
      left -= implied
      let last = Swift.min(left, lastPiece.stated)
      lastPiece.stated -= last
      stated.removeLast(last)
      left -= last
      if lastPiece.stated == 0, lastPiece.implied == 0, let before = pieces.popLast() { lastPiece = before }
    }
  }

  /// Adds a line to the stamps of the samples that have none yet and come before one: `stamp + (constant + slope · stamp)`.
  mutating func synchronize(before end: Int, with line: HuberLine) { shifts.append(Shift(end: end, line: line)) }

  func makeIterator() -> Iterator { Iterator(self) }

  /// Gives the stamps one by one; it sums intervals up as the reference reader does, so that the bits are the same.
  struct Iterator: IteratorProtocol {
    private let stamps: XDFStamps
    private var piece: Piece
    private var nextPiece = 0
    private var nextStated = 0
    private var sample = 0
    private var last = 0.0
    private var shift = 0
    private var shiftEnd = Int.max
    private var line: HuberLine?

    init(_ stamps: XDFStamps) {
      self.stamps = stamps
      piece = Piece()
      if !stamps.shifts.isEmpty { takeShift() }
    }

    @inline(__always)
    mutating func next() -> Double? {
      if piece.stated == 0 && piece.implied == 0 { takePiece() }
      if piece.stated > 0 {
        piece.stated -= 1
        last = stamps.stated[nextStated]
        nextStated += 1
      } else if piece.implied > 0 {
        piece.implied -= 1
        last += stamps.interval
      } else {
        return nil
      }
      if sample == shiftEnd { takeShift() }
      sample += 1
      guard let line else { return last }
      return last + (line.constant + line.slope * last)
    }

    private mutating func takePiece() {
      if nextPiece < stamps.pieces.count {
        piece = stamps.pieces[nextPiece]
      } else if nextPiece == stamps.pieces.count {
        piece = stamps.lastPiece
      }
      nextPiece += 1
    }

    /// The line of the sample; nil behind the last.
    private mutating func takeShift() {
      while shift < stamps.shifts.count, stamps.shifts[shift].end <= sample { shift += 1 }
      let current = shift < stamps.shifts.count ? stamps.shifts[shift] : nil
      line = current?.line
      shiftEnd = current?.end ?? .max
    }
  }
}
