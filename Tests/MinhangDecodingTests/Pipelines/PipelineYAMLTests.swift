import MinhangCore
import MinhangSignal
import Testing

@testable import MinhangDecoding

struct PipelineYAMLTests {
  static let rich = """
    name: mine
    preprocess:
    - reference: [M1, M2]
    - notch: 50
      quality: 25
    - highpass: 0.5
    - bandpass: 8-32
      order: 6
    - reference: average
    - {bandstop: 48.5-51.5, order: 2}
    - lowpass: 40
    steps:
    - covariance: {estimator: ledoit-wolf}
    - csp: {filters: 4}
    - lda: {shrinkage: 0.25}
    channels: [C3, "type:eog", 'yes']
    exclude: [Fp1]
    window: -0.5:2
    classes: {left hand: [T1, L], "2": T2}
    """

  static func pipelines() throws -> [Pipeline] {
    var named = try Pipeline.named("csp-lda")
    named.channels = ChannelSelection(included: [.name("null"), .name("1e3"), .name("a: b #"), .name("µ\"'"), .kind(.eeg)])
    named.window = try TrialWindow(start: 0.1, stop: 1.0 / 3 + 0.2)
    named.classes = try ClassMap([
      ClassMap.Entry(name: "no", labels: ["~", "T1, T2", "true"]), ClassMap.Entry(name: "- x", labels: ["{", "[a]", " "]),
    ])
    return Pipeline.builtIn + [named, try Pipeline(yaml: rich, source: "rich.yaml")]
  }

  @Test func `what is written is read again as the same pipeline`() throws {
    for pipeline in try Self.pipelines() {
      let yaml = pipeline.yaml
      #expect(try Pipeline(yaml: yaml, source: "x") == pipeline, "\(yaml)")
      #expect(try Pipeline(yaml: yaml, source: "x").yaml == yaml)
    }
  }

  @Test func `every setting is read`() throws {
    let pipeline = try Pipeline(yaml: Self.rich, source: "rich.yaml")
    #expect(pipeline.name == "mine")
    #expect(
      pipeline.preprocess == [
        .reference(channels: ["M1", "M2"]), .notch(frequency: 50, quality: 25), .butterworth(.highPass(0.5), order: 4),
        .butterworth(.bandPass(8...32), order: 6), .averageReference, .butterworth(.bandStop(48.5...51.5), order: 2),
        .butterworth(.lowPass(40), order: 4),
      ])
    #expect(pipeline.steps == [.covariance(.ledoitWolf), .csp(filters: 4), .lda(.fixed(0.25))])
    #expect(pipeline.channels == ChannelSelection(included: [.name("C3"), .kind(.eog), .name("yes")], excluded: [.name("Fp1")]))
    #expect(pipeline.window?.start == -0.5 && pipeline.window?.stop == 2)
    #expect(pipeline.classes?.text == "left hand=T1+L,2=T2")
  }

  @Test func `the built-in csp-lda reads well`() throws {
    #expect(
      try Pipeline.named("csp-lda").yaml == """
        name: csp-lda
        preprocess:
        - bandpass: 8-32
          order: 4
        steps:
        - covariance: oas
        - csp: {filters: 6}
        - lda: {shrinkage: ledoit-wolf}

        """)
  }

  @Test(arguments: [
    ("name: x\nsteps: [log-variance, lda]\ntuning: 5", "p.yaml, line 3: has the unknown key \"tuning\"; expected name, preprocess, steps"),
    (
      "name: x\nsteps:\n- covariance: oas\n- csp: {filter: 6}\n- lda",
      "p.yaml, line 4: step \"csp\" has the unknown key \"filter\"; expected filters"
    ),
    (
      "name: x\nsteps:\n- covariance: oas\n- csp: {filters: 0}\n- lda",
      "p.yaml, line 4: step \"csp\", key \"filters\" is \"0\"; expected a whole number from 1 to 1024"
    ),
    (
      "name: x\nsteps:\n- covariance: oaks\n- csp\n- lda",
      "p.yaml, line 3: step \"covariance\", key \"estimator\" is \"oaks\"; expected one of empirical, ledoit-wolf, oas"
    ),
    (
      "name: x\nsteps:\n- log-variance\n- lda: {shrinkage: 1.5}",
      "p.yaml, line 4: step \"lda\", key \"shrinkage\" is \"1.5\"; expected ledoit-wolf, none, or a number from 0 to 1"
    ),
    (
      "name: x\nsteps:\n- log-variance\n- svm",
      "p.yaml, line 4: steps has the unknown step \"svm\"; expected one of covariance, csp, log-variance, lda"
    ),
    (
      "name: x\npreprocess:\n- bandpass: 8-32\n  zero-phase: true\nsteps: [log-variance, lda]",
      "p.yaml, line 4: stage \"zero-phase\" needs the whole signal"
    ),
    ("name: x\npreprocess:\n- filtfilt: 8-32\nsteps: [log-variance, lda]", "p.yaml, line 3: stage \"filtfilt\" needs the whole signal"),
    ("name: x\npreprocess: [ica]\nsteps: [log-variance, lda]", "p.yaml, line 2: stage \"ica\" needs the whole signal"),
    ("name: x\nzero_phase: true\nsteps: [log-variance, lda]", "p.yaml, line 2: stage \"zero_phase\" needs the whole signal"),
    (
      "name: x\npreprocess:\n- bandpass: 32-8\nsteps: [log-variance, lda]",
      "p.yaml, line 3: stage \"bandpass\", key \"bandpass\" is \"32-8\"; expected LOW-HIGH"
    ),
    (
      "name: x\npreprocess:\n- bandpass: 8-32\n  order: 99\nsteps: [log-variance, lda]",
      "p.yaml, line 4: stage \"bandpass\", key \"order\" is \"99\""
    ),
    (
      "name: x\npreprocess:\n- bandpas: 8-32\nsteps: [log-variance, lda]",
      "p.yaml, line 3: preprocess has the unknown stage \"bandpas\"; expected one of bandpass"
    ),
    ("name: x\nsteps: [lda]", "pipeline \"x\": step \"lda\" takes features but is given window"),
    ("name: x\nsteps: [covariance]", "pipeline \"x\": the steps end with covariance; expected a classifier"),
    ("name: x\nsteps: []", "pipeline \"x\": the steps end with window"), ("name: x", "p.yaml, line 1: key \"steps\" is missing"),
    ("steps: [log-variance, lda]", "p.yaml, line 1: has no key \"name\""), ("", "p.yaml: the text is empty"),
    ("- a", "p.yaml, line 1: the text is no table"),
    ("name: x\nname: y\nsteps: [log-variance, lda]", "p.yaml: the text is not YAML: a key comes twice"),
    ("name: [", "p.yaml, line"),
    ("name: x\nwindow: 3\nsteps: [log-variance, lda]", "p.yaml, line 2: key \"window\" is wrong: window \"3\""),
    ("name: x\nclasses: a=T1\nsteps: [log-variance, lda]", "p.yaml, line 2: key \"classes\" is wrong: a class map with 1 class"),
    (
      "name: x\nchannels: [type:brain]\nsteps: [log-variance, lda]",
      "p.yaml, line 2: key \"channels\" names the unknown kind \"type:brain\""
    ),
    (
      "name: x\nsteps:\n- log-variance: {a: 1}\n- lda",
      "p.yaml, line 3: step \"log-variance\" has the unknown key \"a\"; expected no settings"
    ),
    ("name: x\nsteps:\n- csp: 6\n  lda: 1", "p.yaml, line 3: steps holds an entry with several keys"),
  ])
  func `what is not understood is refused by key and line`(yaml: String, message: String) {
    #expect {
      try Pipeline(yaml: yaml, source: "p.yaml")
    } throws: { error in
      let text = "\(error)"
      if !text.hasPrefix(message) { print("found: \(text)") }
      return (error as? DecodingError)?.code == .invalidPipeline && text.hasPrefix(message)
    }
  }

  @Test func `aliases that grow without end are refused quickly`() {
    var yaml = "a0: &a0 [x, x]\n"
    for i in 1..<40 { yaml += "a\(i): &a\(i) [*a\(i - 1), *a\(i - 1)]\n" }
    #expect { try Pipeline(yaml: yaml + "channels: *a39\nname: x\nsteps: [log-variance, lda]", source: "p") } throws: {
      $0 is DecodingError
    }
    #expect { try Pipeline(yaml: String(repeating: "[", count: 2 << 20), source: "p") } throws: { $0 is DecodingError }
  }

  @Test func `an unknown name lists the known ones`() {
    #expect { try Pipeline.named("cps-lda") } throws: { "\($0)".contains("\"cps-lda\"; expected one of csp-lda, logvar-lda") }
  }

  @Test func `built-in pipelines are whole, and their stages are designed as stated`() throws {
    for pipeline in Pipeline.builtIn {
      #expect(throws: Never.self) { try Pipeline(name: pipeline.name, preprocess: pipeline.preprocess, steps: pipeline.steps) }
      let filter = try #require(try pipeline.filters(sampleRate: 160)[0])
      #expect(filter == (try Butterworth.filter(order: 4, .bandPass(8...32), sampleRate: 160)))
      #expect(try pipeline.chain(sampleRate: 160, channels: ["Cz"]).latency == 0)
    }
  }

  @Test func `a stage that cannot run at the rate, and a missing reference, are refused`() throws {
    #expect { try Pipeline.named("csp-lda").chain(sampleRate: 50, channels: ["Cz"]) } throws: {
      "\($0)".hasPrefix("preprocess \"bandpass\": ")
    }
    let pipeline = try Pipeline(yaml: Self.rich, source: "rich.yaml")
    #expect { try pipeline.chain(sampleRate: 160, channels: ["Cz", "M1"]) } throws: { "\($0)".contains("channel \"M2\" is not among") }
  }
}
