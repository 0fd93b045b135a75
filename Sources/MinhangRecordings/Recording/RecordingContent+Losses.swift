import MinhangCore

extension RecordingContent {
  /// Parts of a recording for which some formats have no place.
  enum Part {
    case identity
    /// On filters and sensors.
    case words
    /// Of channels; all, or those in other units than the one that is held.
    case positions(but: SensorPosition.Unit? = nil)
    /// Verdicts on channels.
    case qualities
    case eventChannels
    case eventDurations
    /// What the clock made of the sampling rate.
    case measuredRates
  }

  /// What is lost in a format that has no place for some parts: a clause for people for each that the recording has.
  func losses(of parts: [Part]) -> [String] { parts.compactMap(loss) }

  private func loss(of part: Part) -> String? {
    switch part {
    case .identity: return identity.isAnonymous ? nil : "the identification of the patient and the recording"
    case .words:
      let count = channels.count { !$0.prefilter.isEmpty || !$0.transducer.isEmpty }
      return count == 0 ? nil : "the words on filters and sensors of \(count) channels"
    case .positions(let held):
      let count = channels.count { $0.position != nil && $0.position?.unit != held }
      let why =
        switch held {
        case .metre: ", which are not in metres"
        case .headRadius: ", which are not in radii of the head"
        case .unknown, nil: ""
        }
      return count == 0 ? nil : "the positions of \(count) channels\(why)"
    case .qualities:
      let count = channels.count { $0.quality != nil }
      return count == 0 ? nil : "what is said of the quality of \(count) channels"
    case .eventChannels:
      let count = events.count { $0.channel != nil }
      return count == 0 ? nil : "the channels of \(count) events"
    case .eventDurations:
      let count = events.count { $0.duration != nil }
      return count == 0 ? nil : "the durations of \(count) events"
    case .measuredRates:
      let isMeasured = channels.indices.contains { channel in
        let rate = channels[channel].sampleRate
        // A clock that moves no sample by a microsecond, the step of onsets in many formats, loses nothing.
        return timeline(of: channel).segments.contains { segment in
          segment.measuredRate.map { abs(Double(segment.sampleCount) / rate - Double(segment.sampleCount) / $0) > 1e-6 } ?? false
        }
      }
      return isMeasured ? "the sampling rate that the clock measured: that of the channels is stated" : nil
    }
  }
}
