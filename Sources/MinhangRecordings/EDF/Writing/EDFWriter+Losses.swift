import MinhangCore

extension EDFWriter {
  /// What the header and the annotations cannot hold: each a clause for people.
  static func losses(
    of content: RecordingContent, labels: EDFLabels, stored: [EDFStoredChannel], annotations: EDFAnnotationPlan
  ) -> [String] {
    var losses = [labels.loss].compactMap(\.self)
    let pairs = Array(zip(content.channels, stored))
    func add(
      _ clause: (_ count: Int, _ first: (channel: Channel, stored: EDFStoredChannel)) -> String,
      where isLost: (Channel, EDFStoredChannel) -> Bool
    ) {
      let lost = pairs.filter { isLost($0.0, $0.1) }
      if let first = lost.first { losses.append(clause(lost.count, (first.0, first.1))) }
    }
    add(
      {
        "the units of \($0) channels in 8 characters of ASCII: \($1.channel.unit.symbol.quotedForDisplay()) is stored as \($1.stored.unit.quotedForDisplay())"
      },
      where: { PhysicalUnit($1.unit) != $0.unit && !Self.isSpelt($0.unit.symbol, as: $1.unit) })
    add(
      {
        "the small steps of \($0) channels, the first is \($1.channel.name.quotedForDisplay()): numbers of 8 characters state its range as \($1.stored.physicalMinimum)…\($1.stored.physicalMaximum)"
      },
      where: { $1.coarsening > 2 })
    add(
      { count, _ in "the words on filters and sensors of \(count) channels beyond 80 characters of ASCII" },
      where: { $1.prefilter != $0.prefilter.trimmingSpaces || $1.transducer != $0.transducer.trimmingSpaces })
    losses += content.losses(of: [.positions(), .qualities, .eventChannels, .measuredRates])
    if annotations.droppedEvents > 0 { losses.append("\(annotations.droppedEvents) events without a text") }
    if annotations.rewordedEvents > 0 {
      losses.append("the control characters in the labels of \(annotations.rewordedEvents) events")
    }
    let identity = content.identity
    let isWhole =
      HeaderField.holds(identity.patientField, in: HeaderField.patient(identity.patientField))
      && HeaderField.holds(identity.recordingField, in: HeaderField.recording(identity.recordingField, start: content.start))
    if !isWhole { losses.append("the whole identification of the patient and the recording: 80 characters of ASCII each") }
    return losses
  }

  /// Whether a unit is stored whole, in ASCII: `uV/m2` for `µV/m²`.
  private static func isSpelt(_ symbol: String, as stored: String) -> Bool {
    stored == HeaderField.ascii(symbol, width: 3 * symbol.utf8.count) && stored.count { $0 == "_" } == symbol.count { $0 == "_" }
  }
}
