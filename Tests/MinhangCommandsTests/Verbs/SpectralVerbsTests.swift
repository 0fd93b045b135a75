import Foundation
import MinhangBCI
import Testing

/// `psd` by every method, `tfr`, `connectivity`, `clean` and the spatial steps of `filter`, as a script sees them.
struct SpectralVerbsTests {
  @Test(arguments: ["welch", "multitaper", "periodogram", "burg"])
  func `every method finds the power that is there`(method: String) throws {
    let samples = try Samples.motorImagery.get()
    let rows = try Tool.run("psd", samples.run1, "--channels", "C3", "--crop", "0:20", "--method", method, "--threads", "2").lines
    let values = rows.dropFirst().map { $0.split(separator: "\t").compactMap { Double($0) } }
    // The density integrates to the variance of what the estimator sees: Welch's two-second windows, or the whole stretch.
    let total = values.reduce(0) { $0 + $1[1] } * (values[1][0] - values[0][0])
    var reader = try Recording.open(path: samples.run1)
    let place = try #require(reader.recording.channels.firstIndex { $0.name == "C3" })
    let signal = try reader.read(0..<2560, of: [place]).channel(0)
    let mean = signal.reduce(0, +) / 2560
    let variance = signal.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 2560
    // Windows and tapers weigh the samples unevenly, and a two-second window cannot hold what is slower: a fifth, no more.
    #expect(abs(total / variance - 1) < 0.2, "\(method): \(total) for \(variance)")
  }

  @Test func `power around events has a row for each channel, frequency and time`() throws {
    let samples = try Samples.motorImagery.get()
    let words = [
      "tfr", samples.run1, "--events", "left_hand,right_hand", "--channels", "C3,C4", "--frequencies", "8-12", "--epoch", "-1:3",
      "--baseline", "-1:0", "--scale", "percent",
    ]
    let outcome = try Tool.run(words)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let rows = outcome.lines.dropFirst().map { $0.split(separator: "\t").map(String.init) }
    #expect(rows.count == 2 * 5 * 40)
    #expect(rows.first?.prefix(3) == ["C3", "8", "-1"])
    // Over the reference the mean change is nothing, by definition; the printed times are a tenth of it.
    let reference = rows.filter { $0[0] == "C3" && $0[1] == "10" && (Double($0[2]) ?? 0) < 0 }.compactMap { Double($0[3]) }
    #expect(abs(reference.reduce(0, +) / Double(reference.count)) < 10)
    // Imagining takes mu power away.
    let during = rows.filter { $0[1] == "10" && (Double($0[2]) ?? 0) > 1.5 }.compactMap { Double($0[3]) }
    #expect(during.reduce(0, +) / Double(during.count) < 0)
    #expect(try Tool.run("tfr", samples.run1, "--events", "no-such").status == 65)
  }

  @Test func `the aperiodic parameters are those of the library`() throws {
    let samples = try Samples.motorImagery.get()
    let words = ["psd", samples.run1, "--channels", "C3,C4", "--aperiodic", "specparam", "--range", "2-40", "--max-peaks", "3"]
    var reader = try Recording.open(path: samples.run1)
    let places = ["C3", "C4"].compactMap { name in reader.recording.channels.firstIndex { $0.name == name } }
    let signal = try reader.read(0..<reader.recording.channels[places[0]].sampleCount, of: places)
    let rate = reader.recording.channels[places[0]].sampleRate
    var welch = try WelchEstimator(sampleRate: rate, channelCount: 2, windowLength: Int(2 * rate), overlap: Int(rate))
    welch.add(signal)
    for mode in AperiodicComponent.Mode.allCases {
      let outcome = try Tool.run(words + ["--aperiodic-mode", mode.rawValue, "--json"])
      #expect(outcome.status == 0, "\(outcome.errors)")
      let found = try Self.fits(outcome.output)
      #expect(found.mode == mode.rawValue && found.range == [2, 40] && found.channels.map(\.channel) == ["C3", "C4"])
      for (c, channel) in found.channels.enumerated() {
        let fit = try SpectralParameterization(
          welch.spectrum(), channel: c, range: 2...40, settings: .init(mode: mode, maximumPeaks: 3))
        #expect(channel.offset == fit.aperiodic.offset && channel.exponent == fit.aperiodic.exponent)
        #expect(channel.knee == (mode == .knee ? fit.aperiodic.knee : nil) && channel.rSquared == fit.determination)
        #expect(channel.peaks.map(\.frequency) == fit.peaks.map(\.frequency))
        #expect(channel.peaks.map(\.bandwidth) == fit.peaks.map(\.bandwidth))
        #expect(channel.peaks.map(\.power) == fit.peaks.map(\.height))
      }
      let rows = try Tool.run(words + ["--aperiodic-mode", mode.rawValue]).lines.map { $0.components(separatedBy: "\t") }
      #expect(rows[0] == ["channel", "component", "offset", "knee", "exponent", "r_squared", "frequency", "power", "bandwidth"])
      #expect(rows.count == 1 + found.channels.reduce(0) { $0 + 1 + $1.peaks.count })
      #expect(rows.filter { $0[1] == "aperiodic" }.compactMap { Double($0[4]) } == found.channels.map(\.exponent))
      #expect(rows.filter { $0[1] == "peak" }.compactMap { Double($0[6]) } == found.channels.flatMap { $0.peaks.map(\.frequency) })
    }
    let irasa = try Tool.run("psd", samples.run1, "--channels", "C3,C4", "--aperiodic", "irasa", "--range", "2-40", "--json")
    #expect(irasa.status == 0, "\(irasa.errors)")
    let found = try Self.fits(irasa.output)
    let parts = try IRASAEstimator(sampleRate: rate, windowLength: Int(2 * rate), taper: .hann, average: .mean).parts(of: signal)
    for (c, channel) in found.channels.enumerated() {
      let component = parts.component(channel: c, range: 2...40)
      #expect(channel.exponent == component.exponent && channel.offset == component.offset && channel.peaks.isEmpty)
      #expect(channel.rSquared > 0.5 && channel.rSquared <= 1)
    }
    for wrong in [["irasa", "--aperiodic-mode", "knee"], ["irasa", "--method", "burg"], ["nothing"], ["specparam", "--max-peaks", "-1"]] {
      #expect(try Tool.run(["psd", samples.run1, "--aperiodic"] + wrong).status == 64)
    }
  }

  private struct Fits: Decodable {
    struct Channel: Decodable {
      struct Peak: Decodable {
        let frequency, power, bandwidth: Double
      }
      let channel: String
      let offset, exponent, rSquared: Double
      let knee: Double?
      let converged: Bool
      let peaks: [Peak]
    }
    let mode: String
    let range: [Double]
    let channels: [Channel]
  }

  private static func fits(_ output: String) throws -> Fits {
    #expect(output.contains("\"r_squared\":"))
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(Fits.self, from: Data(output.utf8))
  }

  @Test func `short-time power is the one-sided density of windows around each time`() throws {
    let samples = try Samples.motorImagery.get()
    let words = [
      "tfr", samples.run1, "--events", "left_hand", "--channels", "C3", "--method", "stft", "--window", "0.5", "--frequencies", "8-12",
      "--epoch", "-1:3", "--time-step", "0.25",
    ]
    let outcome = try Tool.run(words)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let rows = outcome.lines.dropFirst().map { $0.split(separator: "\t").map(String.init) }
    // Bins of two hertz: 8, 10 and 12; sixteen quarters of a second.
    #expect(rows.count == 3 * 16 && Set(rows.map { $0[1] }) == ["8", "10", "12"] && rows.first?[2] == "-1")
    // By the periodogram of the same stretch, trial by trial.
    var reader = try Recording.open(path: samples.run1)
    let place = try #require(reader.recording.channels.firstIndex { $0.name == "C3" })
    let rate = reader.recording.channels[place].sampleRate
    let length = Int(rate / 2)
    let onsets = try reader.events().filter { $0.label == "left_hand" }.map { Int(($0.onset * rate).rounded()) }
    let estimator = PeriodogramEstimator(sampleRate: rate, taper: .hann, detrend: .none)
    for time in [-1.0, 0.5, 2.75] {
      var expected = 0.0
      for onset in onsets {
        let first = onset + Int(time * rate) - length / 2
        let spectrum = try estimator.spectrum(of: try reader.read(first..<(first + length), of: [place]))
        expected += spectrum[channel: 0, frequency: 5] / Double(onsets.count)
      }
      let printed = try #require(rows.first { $0[1] == "10" && Double($0[2]) == time }.flatMap { Double($0[3]) })
      // The same window; sums of a transform of this length.
      #expect(abs(printed / expected - 1) < 1e-12)
      #expect(rows[0][4] == String(onsets.count))
    }
    #expect(try Tool.run(words + ["--method", "stft", "--window", "0.02"]).status == 64)
  }

  @Test func `a channel goes together with itself, wholly`() throws {
    let samples = try Samples.motorImagery.get()
    for measure in ["coherence", "imaginary-coherence", "plv", "pli", "wpli"] {
      let rows = try Tool.run("connectivity", samples.run1, "--channels", "C3,C4,P3", "--measure", measure, "--bands", "mu=8-13").lines
      #expect(rows.count == 1 + 3)
      let values = rows.dropFirst().compactMap { Double($0.split(separator: "\t")[3]) }
      #expect(values.count == 3 && values.allSatisfy { $0 >= -1 && $0 <= 1 }, "\(measure): \(values)")
    }
    #expect(try Tool.run("connectivity", samples.run1, "--channels", "C3").status == 64)
  }

  @Test func `cleaning says what it took, and leaves less of it`() throws {
    let folder = try TemporaryFolder()
    let (raw, clean) = (folder.path("raw.edf"), folder.path("clean.edf"))
    let words = [
      "simulate", raw, "--paradigm", "rest", "--duration", "30", "--channels", "16", "--rate", "200", "--artefacts", "blinks,line",
    ]
    #expect(try Tool.run(words + ["--quiet"]).status == 0)
    let outcome = try Tool.run("clean", raw, clean, "--line", "50", "--eog", "Fp1,Fp2", "--json", "--quiet")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect((try outcome.object["steps"] as? [String: Any])?.keys.sorted() == ["eog", "line"])
    func power(_ path: String, _ channel: String, _ band: String) throws -> Double {
      let row = try Tool.run("bandpower", path, "--channels", channel, "--bands", "x=\(band)").lines[1]
      return try #require(Double(row.split(separator: "\t")[4]))
    }
    #expect(try power(clean, "Fp1", "49-51") < 0.5 * power(raw, "Fp1", "49-51"))
    #expect(try power(clean, "F3", "1-4") < 0.9 * power(raw, "F3", "1-4"))
    #expect(try Tool.run("clean", raw, folder.path("x.edf")).status == 64)
    #expect(try Tool.run("clean", raw, folder.path("x.edf"), "--ica-eog", "Fp1").status == 64)
  }

  @Test func `derivations come out under their own names`() throws {
    let samples = try Samples.motorImagery.get()
    let folder = try TemporaryFolder()
    let path = folder.path("bipolar.edf")
    #expect(try Tool.run("filter", samples.run1, path, "--bipolar", "C3-C4,P3-P4", "--bandpass", "1-40", "--zero-phase").status == 0)
    #expect(try Recording.open(path: path).recording.channels.map(\.name) == ["C3-C4", "P3-P4"])
    let csd = folder.path("csd.edf")
    #expect(try Tool.run("filter", samples.run1, csd, "--csd").status == 0)
    #expect(try Recording.open(path: csd).recording.channels.allSatisfy { $0.unit.symbol == "uV/m2" })
    #expect(try Tool.run("filter", samples.run1, folder.path("x.edf"), "--bipolar", "C3-Nowhere").status == 64)
  }

  @Test func `another sampling rate keeps the time`() throws {
    let samples = try Samples.motorImagery.get()
    let folder = try TemporaryFolder()
    let path = folder.path("slow.edf")
    #expect(try Tool.run("convert", samples.run1, path, "--resample", "100").status == 0)
    let (original, slow) = (try Recording.open(path: samples.run1), try Recording.open(path: path))
    #expect(slow.recording.channels[0].sampleRate == 100)
    #expect(slow.recording.duration == original.recording.duration)
    #expect(try slow.events() == original.events())
    #expect(try Tool.run("convert", samples.run1, folder.path("x.edf"), "--resample", "3.14159265358979").status == 64)
  }
}
