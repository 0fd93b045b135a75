import MinhangCore

/// Brings the time stamps of a stream to the clock of the recording machine.
enum XDFClockSync {
  /// Adds to each stamp the offset of its clock; each stretch between resets of the clock has its own line.
  ///
  /// A stretch of stamps ends before the first that is nearer to the first measurement of the next stretch than to the last of its own.
  /// **Source:** pyxdf.
  ///
  /// - Parameter steps: Of fitting a line; see `HuberLine.steps(forPoints:)`.
  static func apply(to stream: inout XDFStreamScan, steps: Int, log: inout WarningLog) {
    guard stream.stamps.count > 0, !stream.clockTimes.isEmpty else { return }
    let (times, values) = (stream.clockTimes, stream.clockValues)
    let stretches = XDFClockResets.stretches(times: times, values: values)
    let shown = stream.header.shown
    if stretches.count > 1 { log.note(.clockOffset, "\(shown): its clock was set anew \(stretches.count - 1) times") }
    var unusable = 0
    var end = 0
    var stated = stream.stamps.makeIterator()
    var stamp = stated.next()
    for stretch in stretches where end < stream.stamps.count {
      var line: HuberLine
      if stretch.count == 1 {
        line = HuberLine(constant: values[stretch.lowerBound], slope: 0)
      } else if let fitted = HuberLine.fitted(times: times[stretch], values: values[stretch], steps: steps), abs(fitted.slope) < 0.5 {
        line = fitted
      } else {
        // All at one time, or a clock at half or twice the speed: only the offset itself is worth something.
        line = HuberLine(constant: XDFClockResets.median(Array(values[stretch])), slope: 0)
        unusable += 1
      }
      if stretch.upperBound < times.count {
        let (last, next) = (times[stretch.upperBound - 1], times[stretch.upperBound])
        while let known = stamp, abs(known - last) < abs(known - next) {
          end += 1
          stamp = stated.next()
        }
      } else {
        end = stream.stamps.count
      }
      stream.stamps.synchronize(before: end, with: line)
    }
    if unusable > 0 {
      log.add(.clockOffset, "\(shown): \(unusable) stretches of clock offsets do not make a line; their median is taken")
    }
  }

  /// Drops the last clock offset and the samples beyond the footer's count where both show that the sender ended within the recording.
  ///
  /// **Source:** pyxdf; liblsl issue 246.
  static func dropStrayEnd(of stream: inout XDFStreamScan, log: inout WarningLog) {
    guard let stated = stream.footerSampleCount, stream.sampleCount > stated,
      XDFClockResets.isLastStray(times: stream.clockTimes, values: stream.clockValues)
    else { return }
    let extra = stream.sampleCount - stated
    stream.clockTimes.removeLast()
    stream.clockValues.removeLast()
    stream.stamps.removeLast(extra)
    if stream.texts.count > stated { stream.texts.removeLast(stream.texts.count - stated) }
    while let last = stream.runs.last, last.firstSample >= stated { stream.runs.removeLast() }
    log.add(
      .clockOffset,
      "\(stream.header.shown): the last clock offset is out of line and \(extra) samples go beyond the footer's \(stated); dropped")
  }
}
