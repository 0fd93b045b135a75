import MinhangCore

/// The samples of a data set: in the file itself, or in a file beside it.
struct EEGLABSamples {
  var matrix: ArrayMatrix
  /// Samples that are there of each channel.
  var available: Int
  /// Samples of an epoch; all samples of continuous data.
  var epochLength: Int
  var epochCount: Int

  init(_ fields: EEGLABFields, file: RandomAccessFile, options: OpeningOptions, log: inout WarningLog) throws(RecordingError) {
    let path = file.path
    let channelCount = try fields.count("nbchan", path: path)
    let trials = try fields.count("trials", path: path)
    let points = try fields.count("pnts", path: path)
    switch fields["data"] {
    case .array(let array): matrix = try Self.matrix(array, channelCount: channelCount, trials: trials, path: path, log: &log)
    case .text(let name):
      if name == "EEGDATA", case .array(let array) = fields.oldData {
        matrix = try Self.matrix(array, channelCount: channelCount, trials: trials, path: path, log: &log)
      } else {
        matrix = try Self.matrix(
          beside: file, named: name, channelCount: channelCount, trials: trials, points: points, options: options, log: &log)
      }
    default:
      if let name = fields["datfile"].text {
        log.add(.formatVariant, "field data is empty; the file that field datfile names is read")
        matrix = try Self.matrix(
          beside: file, named: name, channelCount: channelCount, trials: trials, points: points, options: options, log: &log)
      } else {
        throw RecordingError(.badData, path: path, "field data holds no samples; expected numbers, or the name of the file that holds them")
      }
    }
    guard (1...NPYReader.mostChannels).contains(matrix.channelCount) else {
      throw RecordingError(
        .badData, path: path, "field nbchan is \(matrix.channelCount); expected 1…\(NPYReader.mostChannels) channels")
    }
    available = matrix.availableSamples
    epochCount = trials ?? 1
    epochLength = points ?? matrix.sampleCount / epochCount
    let stated = epochLength.multipliedReportingOverflow(by: epochCount)
    if stated.overflow || stated.partialValue != matrix.sampleCount {
      log.add(
        .recordCount,
        "fields pnts and trials state \(epochLength) × \(epochCount) samples; the data have \(matrix.sampleCount), which are read"
      )
      if epochCount > 1, matrix.sampleCount % epochCount == 0 {
        epochLength = matrix.sampleCount / epochCount
      } else if epochCount > 1, epochLength > 0, matrix.sampleCount % epochLength == 0 {
        epochCount = max(1, matrix.sampleCount / epochLength)
      } else {
        (epochLength, epochCount) = (matrix.sampleCount, 1)
      }
    }
    if available < matrix.sampleCount {
      log.add(
        .cutRecord,
        "the data end early: \(available) of \(matrix.sampleCount) samples are there of every channel; the rest is lost")
    }
    if available == 0 { log.add(.emptyChannel, "the data set holds no sample") }
  }

  /// Samples within the file: channels × points, or channels × points × trials.
  private static func matrix(
    _ array: MATArray, channelCount: Int?, trials: Int?, path: String, log: inout WarningLog
  ) throws(RecordingError) -> ArrayMatrix {
    if array.isComplex { log.add(.formatVariant, "the data are complex numbers; their imaginary parts are not read") }
    let rows = array.shape[0]
    if let channelCount, channelCount != rows {
      log.add(.recordCount, "field nbchan is \(channelCount), but the data have \(rows) rows; each row is a channel")
    }
    let columns = array.shape.dropFirst().reduce(1, *)
    let bytes = rows.multipliedReportingOverflow(by: columns).partialValue.multipliedReportingOverflow(by: array.type.byteCount)
    guard !bytes.overflow, bytes.partialValue < Int.max / 16 else {
      throw RecordingError(.badData, path: path, "field data has \(rows) × \(columns) numbers; expected no more than can be counted")
    }
    return ArrayMatrix(
      array.source,
      header: NPYHeader(type: array.type, isFortranOrder: true, shape: [rows, columns], byteCount: array.offset), areRowsChannels: true)
  }

  /// Samples in a file of their own, real numbers of 32 bits: sample after sample (`.fdt`), or channel after channel (`.dat`, old).
  private static func matrix(
    beside file: RandomAccessFile, named name: String, channelCount: Int?, trials: Int?, points: Int?, options: OpeningOptions,
    log: inout WarningLog
  ) throws(RecordingError) -> ArrayMatrix {
    guard let channelCount else {
      throw RecordingError(.badData, path: file.path, "field nbchan is missing; expected the number of channels")
    }
    guard channelCount <= NPYReader.mostChannels else {
      throw RecordingError(.badData, path: file.path, "field nbchan is \(channelCount); expected 1…\(NPYReader.mostChannels) channels")
    }
    let data = try EEGLABDataFile.open(name, beside: file, options: options, log: &log)
    let there = data.byteCount / (4 * channelCount)
    let stated = points.flatMap { points -> Int? in
      let product = points.multipliedReportingOverflow(by: trials ?? 1)
      return product.overflow || product.partialValue > 1 << 44 ? nil : product.partialValue
    }
    if stated == nil {
      log.add(
        .recordCount, "fields pnts and trials do not state how many samples there are; \(there) are taken from the size of the data file")
    }
    let count = stated ?? there
    if there > count || (there == count && data.byteCount % (4 * channelCount) != 0) {
      log.add(
        .recordCount,
        "the data file has \(data.byteCount) bytes, more than \(channelCount) channels × \(count) samples of 4 bytes; what follows is not read"
      )
    }
    let source = ArraySource(data, byteCount: data.byteCount)
    let type = NPYType(.real, byteCount: 4, isBigEndian: false)
    if name.lowercased().hasSuffix(".dat") {
      log.note(.formatVariant, "the data file is of the old form .dat: channel after channel")
      return ArrayMatrix(
        source, header: NPYHeader(type: type, isFortranOrder: true, shape: [count, channelCount], byteCount: 0), areRowsChannels: false)
    }
    return ArrayMatrix(
      source, header: NPYHeader(type: type, isFortranOrder: true, shape: [channelCount, count], byteCount: 0), areRowsChannels: true)
  }
}
