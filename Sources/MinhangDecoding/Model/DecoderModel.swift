import MinhangCore
import MinhangSignal

// The model file, schema "minhang.model/1". A ZIP archive whose entries are stored, not compressed, so that `unzip -l` lists it and
// `numpy.load` opens its arrays. No code and no pickles in it; no time and no machine's name: the same training gives the same bytes.
//
//   model.json                  everything but the arrays (keys sorted):
//     schema                    "minhang.model/1"
//     library {name, version}   what wrote it
//     pipeline {name, yaml}     the pipeline; `yaml` reads back as the pipeline
//     channels                  names, in the order of the decoder's rows
//     sampling_rate             Hz
//     classes [{name, labels}]  in the order of the probabilities; the event labels of each
//     window {start, stop, samples}   seconds from the cue, half-open; its number of samples
//     filters [{stage, kind, sections}]   for each preprocessing stage that is a filter its sections `b0 b1 b2 1 a1 a2`: these run, whatever a
//                               later version would design
//     training {files [{name, sha256, bytes}], class_counts, excluded_channels, seed}
//     evaluation                scores of cross-validation on the training files, or absent
//     warnings                  what the fit had to say
//     arrays [{name, file, shape, sha256}]   one for each array below; sha256 of the entry's bytes
//   arrays/STEP.KIND.NAME.npy   what step STEP (from 0) of kind KIND learnt: little-endian doubles, C order, NumPy format 1.0:
//     csp: filters, patterns [filters × channels]; lda: weights, means [classes × features], intercepts, priors [classes], covariance

/// A decoder that was trained, with everything needed to run it on another signal.
public struct DecoderModel: Sendable {
  /// The pipeline.
  public let pipeline: Pipeline
  /// Names of the channels, in the order of the decoder's rows.
  public let channels: [String]
  /// Samples a second, Hz.
  public let sampleRate: Double
  /// The classes and their labels, in the order of the probabilities.
  public let classMap: ClassMap
  /// The window around the cue; in a stream the last `window.duration` seconds.
  public let window: TrialWindow
  /// For each preprocessing stage its filter; nil for a stage that is none.
  public let filters: [SectionedFilter?]
  /// The decoder.
  public let decoder: FittedDecoder
  /// What it was trained on.
  public let training: TrainingRecord
  /// What cross-validation on the training files scored.
  public let evaluation: EvaluationRecord?
  /// What the fit had to say.
  public let warnings: [String]
  /// Version of the library that wrote the model.
  public let libraryVersion: String

  /// Fits a pipeline to trials.
  ///
  /// - Parameters:
  ///   - pipeline: The pipeline.
  ///   - epochs: The trials, filtered by its stages.
  ///   - classMap: The classes that the trials' labels are indices of.
  ///   - training: What the trials come from.
  ///   - evaluation: What cross-validation scored.
  ///   - threads: Most threads to use; the model does not depend on it.
  /// - Throws: `DecodingError` of the fit.
  public init(
    fitting pipeline: Pipeline, to epochs: Epochs, classMap: ClassMap, training: TrainingRecord, evaluation: EvaluationRecord? = nil,
    threads: Int = 1
  ) throws(DecodingError) {
    precondition(classMap.names == epochs.classes, "classes \(classMap.names) and trials of \(epochs.classes)")
    self.pipeline = pipeline
    channels = epochs.channels
    sampleRate = epochs.sampleRate
    self.classMap = classMap
    window = epochs.window
    filters = try pipeline.filters(sampleRate: epochs.sampleRate)
    decoder = try pipeline.fit(epochs, threads: threads)
    self.training = training
    self.evaluation = evaluation
    warnings = decoder.warnings
    libraryVersion = Minhang.version
  }

  /// Names of the classes, in the order of the probabilities.
  public var classes: [String] { classMap.names }

  /// The running causal stages, with the filters of the model.
  ///
  /// - Throws: `DecodingError` `.channelMismatch` where a reference channel is not among the model's.
  public func chain() throws(DecodingError) -> CausalChain { try pipeline.chain(filters: filters, channels: channels) }

  /// Where each of the model's channels is found in a signal: matched by name, whatever the order there.
  ///
  /// - Parameters:
  ///   - signal: The signal's channels, all of them.
  ///   - place: Where the signal comes from, for the message: a file's name.
  /// - Returns: For each channel of the model its index in the signal.
  /// - Throws: `DecodingError` `.channelMismatch` naming the missing channels, `.rateMismatch` naming both rates.
  public func channelIndices(in signal: [Channel], place: String) throws(DecodingError) -> [Int] {
    let indices = try ChannelMatch.indices(of: channels, in: signal.map(\.name), place: place)
    for index in indices where signal[index].sampleRate != sampleRate {
      throw DecodingError(
        .rateMismatch,
        "\(place.escapedForDisplay): channel \(signal[index].name.quotedForDisplay()) has \(signal[index].sampleRate.shortText) Hz, the model was"
          + " trained at \(sampleRate.shortText) Hz; expected the same rate: resample the signal or train anew")
    }
    return indices
  }

  init(
    pipeline: Pipeline, channels: [String], sampleRate: Double, classMap: ClassMap, window: TrialWindow, filters: [SectionedFilter?],
    decoder: FittedDecoder, document: ModelDocument
  ) {
    self.pipeline = pipeline
    self.channels = channels
    self.sampleRate = sampleRate
    self.classMap = classMap
    self.window = window
    self.filters = filters
    self.decoder = decoder
    training = document.training
    evaluation = document.evaluation
    warnings = document.warnings
    libraryVersion = document.library.version
  }
}
