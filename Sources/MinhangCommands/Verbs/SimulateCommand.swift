import ArgumentParser
import Foundation
import MinhangBCI

/// `minhang simulate`: an EEG recording whose truth is known.
struct SimulateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "simulate", abstract: "Simulate an EEG recording with known truth, written beside it as JSON.",
    discussion: """
      minhang simulate run1.edf --paradigm motor-imagery --subject 1 --trials 40 --seed 1
      minhang simulate rest.bdf --paradigm rest --duration 120 --artefacts blinks,line

      The same options give the same bytes. OUT.truth.json holds the trials, the sources and their lead fields, and every artefact.
      """)

  @Argument(help: "The new file: .edf .bdf .csv .tsv .npy .xdf .vhdr.")
  var output: String
  @Option(help: "motor-imagery or rest.")
  var paradigm = SimulatedParadigm.motorImagery.rawValue
  @Option(help: "Which person: ability, anatomy and peak frequencies follow from the number.")
  var subject = 1
  @Option(help: "Number of trials.")
  var trials = 40
  @Option(help: "Length of a recording at rest, seconds.")
  var duration = 60.0
  @Option(help: "Number of electrodes, 1…64.")
  var channels = 32
  @Option(help: "Samples a second, Hz.")
  var rate = 250.0
  @Option(help: "How far the mu rhythm stands out of the background, dB.")
  var snr = SimulationPlan.defaultSignalToNoise
  @Option(
    help:
      "Part of mu power lost over the opposite hand area while imagining, 0…0.95; default the person's own. At 0 the classes cannot be told apart."
  )
  var desynchronisation: Double?
  @Option(help: "Disturbances to add: blinks, line, drift, muscle, separated by commas; all for all of them.")
  var artefacts: String?
  @Option(help: "The mains' frequency of the line artefact, Hz.")
  var lineFrequency = 50.0
  @OptionGroup var seed: SeedOption
  @OptionGroup var target: OutputOptions
  @OptionGroup var report: ReportOptions

  /// The plan that the options ask for.
  private func plan() throws -> SimulationPlan {
    var plan = SimulationPlan()
    guard let paradigm = SimulatedParadigm(rawValue: paradigm) else {
      throw ValidationError(
        "--paradigm is \(paradigm.quotedForDisplay()); expected \(SimulatedParadigm.allCases.map(\.rawValue).joined(separator: " or "))")
    }
    plan.paradigm = paradigm
    plan.subject = subject
    plan.trials = trials
    plan.restDuration = duration
    plan.channelCount = channels
    plan.sampleRate = rate
    plan.signalToNoise = snr
    plan.desynchronisation = desynchronisation
    plan.lineFrequency = lineFrequency
    plan.seed = seed.seed
    for word in artefacts?.split(separator: ",").map({ String($0).trimmingSpaces }) ?? [] {
      if word == "all" {
        plan.artefacts = Set(SimulatedArtefact.allCases)
      } else if let artefact = SimulatedArtefact(rawValue: word) {
        plan.artefacts.insert(artefact)
      } else {
        let known = SimulatedArtefact.allCases.map(\.rawValue).joined(separator: ", ")
        throw ValidationError("--artefacts has \(word.quotedForDisplay()); expected some of \(known), or all")
      }
    }
    return plan
  }

  func validate() throws { _ = try plan() }

  func run() throws {
    let console = Console(report)
    let simulation: EEGSimulation
    do {
      simulation = try EEGSimulation(try plan())
    } catch let error as SimulationError {
      throw CommandFailure(.usage, error.description)
    }
    let truthPath = output + ".truth.json"
    let export = SignalExport(simulation: simulation, target: target, console: console, format: try RecordingOutput(output: output))
    let truth = try AtomicFile(path: truthPath, replacing: target.force)
    let summary = try export.write(to: output)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    try truth.append(try encoder.encode(simulation.truth))
    try truth.append("\n")
    try truth.commit()
    console.note("the truth is in \(truthPath)")
    print(report.json ? summary.json.text : summary.text)
    try console.finish()
  }
}
