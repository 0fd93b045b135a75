/// One channel of a recording: what it measures, how fast, and how the file stores it.
public struct Channel: Sendable, Hashable {
  /// Place of the channel among the recording's channels, from 0.
  public var index: Int
  /// Cleaned name, unique in its recording: `FC5` for a label `Fc5.`.
  public var name: String
  /// The label as the file writes it, without padding.
  public var label: String
  /// What the channel measures.
  public var kind: ChannelKind
  /// The unit the file stores.
  ///
  /// Samples of a voltage are handed out in µV whatever this is; others stay in this unit.
  public var unit: PhysicalUnit
  /// Samples a second, Hz.
  public var sampleRate: Double
  /// Number of samples stored.
  public var sampleCount: Int
  /// How stored numbers become physical ones; nil where the file stores physical values.
  public var calibration: Calibration?
  /// Units for one of a stored floating-point number, in the channel's unit, where the file states such a factor; else nil.
  ///
  /// A copy that stores the same floats in the same steps keeps their bits.
  public var storedStep: Double?
  /// The file's words on filters applied before storage: "HP:0.1Hz LP:75Hz".
  public var prefilter: String
  /// The file's words on the sensor.
  public var transducer: String
  /// Where the sensor sits; nil where the file does not say.
  public var position: SensorPosition?
  /// Place of the channel's stream among the recording's streams: channels of one stream share one clock and its gaps.
  public var stream: Int
  /// What is said of the quality of its signal, by a person or by a program that looked at it; nil where nothing is said.
  public var quality: Quality?

  /// A verdict on a channel's signal.
  public enum Quality: String, Sendable, Hashable, CaseIterable {
    /// Fit for analysis.
    case good
    /// Not fit for analysis: noise, no contact.
    case bad
  }

  /// Whether the channel is said to be unfit for analysis.
  public var isBad: Bool { quality == .bad }

  /// Makes a channel.
  public init(
    index: Int, name: String, label: String? = nil, kind: ChannelKind = .eeg, unit: PhysicalUnit = .microvolt, sampleRate: Double,
    sampleCount: Int = 0, calibration: Calibration? = nil, storedStep: Double? = nil, prefilter: String = "", transducer: String = "",
    position: SensorPosition? = nil, stream: Int = 0, quality: Quality? = nil
  ) {
    self.index = index
    self.name = name
    self.label = label ?? name
    self.kind = kind
    self.unit = unit
    self.sampleRate = sampleRate
    self.sampleCount = sampleCount
    self.calibration = calibration
    self.storedStep = storedStep
    self.prefilter = prefilter
    self.transducer = transducer
    self.position = position
    self.stream = stream
    self.quality = quality
  }

  /// The unit in which samples are handed out: µV for every voltage, else the file's own unit.
  public var signalUnit: PhysicalUnit { unit.microvoltsPerUnit == nil ? unit : .microvolt }

  /// Whether the samples are physical values; a channel without a usable calibration hands out its stored numbers, which no analysis should
  /// take for microvolts.
  public var isCalibrated: Bool { calibration?.isUsable ?? true }
}

/// A linear map from stored (digital) numbers to physical ones.
///
/// `physical = physicalMinimum + (digital − digitalMinimum) · (physicalMaximum − physicalMinimum) / (digitalMaximum − digitalMinimum)`.
/// **Source:** Kemp et al. 1992, "A simple format for exchange of digitized polygraphic recordings", EDF.
public struct Calibration: Sendable, Hashable {
  /// The smallest stored number.
  public var digitalMinimum: Int
  /// The largest stored number.
  public var digitalMaximum: Int
  /// The physical value at `digitalMinimum`, in the channel's unit.
  public var physicalMinimum: Double
  /// The physical value at `digitalMaximum`, in the channel's unit.
  public var physicalMaximum: Double

  /// Makes a calibration.
  public init(digitalMinimum: Int, digitalMaximum: Int, physicalMinimum: Double, physicalMaximum: Double) {
    self.digitalMinimum = digitalMinimum
    self.digitalMaximum = digitalMaximum
    self.physicalMinimum = physicalMinimum
    self.physicalMaximum = physicalMaximum
  }

  /// Whether the map is usable: both ranges are finite and not empty.
  public var isUsable: Bool {
    digitalMinimum != digitalMaximum && physicalMinimum != physicalMaximum && physicalMinimum.isFinite && physicalMaximum.isFinite
      && (physicalMaximum - physicalMinimum).isFinite
  }

  /// Physical units per stored unit; 1 where the calibration is not usable.
  public var gain: Double {
    isUsable ? (physicalMaximum - physicalMinimum) / (Double(digitalMaximum) - Double(digitalMinimum)) : 1
  }
}
