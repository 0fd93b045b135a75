import MinhangCore
import Testing

@testable import MinhangStreaming

struct StreamRecordTests {
  /// The lines of the contract, to the letter: scripts parse them.
  @Test func `each record is the line that scripts know`() {
    let opinion = Opinion(classes: ["left_hand", "right_hand"], probabilities: [0.81, 0.19])
    let header = StreamHeader(
      source: "run.edf", sourceDigest: "ab", modelDigest: nil, pipeline: "csp-lda", sampleRate: 160, channels: ["FC5", "Cz"],
      classes: ["left_hand", "right_hand"], window: 3, step: 0.1, latency: 0)
    let lines: [(StreamRecord, String)] = [
      (
        .header(header),
        #"{"type":"header","schema":"minhang.stream/1","version":"\#(Minhang.version)","source":"run.edf","source_sha256":"ab","#
          + #""model_sha256":null,"pipeline":"csp-lda","sampling_rate":160,"channels":["FC5","Cz"],"classes":["left_hand","right_hand"],"#
          + #""window":3,"step":0.1,"latency_samples":0}"#
      ),
      (
        .decision(Decision(sequence: 0, sample: 480, time: 3, opinion: opinion)),
        #"{"type":"decision","seq":0,"sample":480,"time":3,"intent":"left_hand","probabilities":{"left_hand":0.81,"right_hand":0.19}}"#
      ),
      (.event(StreamEvent(sample: 672, time: 4.2, label: "T1")), #"{"type":"event","sample":672,"time":4.2,"label":"T1"}"#),
      (
        .trial(TrialOutcome(onset: 4.2, label: "right_hand", opinion: opinion)),
        #"{"type":"trial","onset":4.2,"label":"right_hand","intent":"left_hand","correct":false,"#
          + #""probabilities":{"left_hand":0.81,"right_hand":0.19}}"#
      ),
      (
        .gap(StreamGap(sample: 900, time: 7.5, missing: 0.512, cause: .missing)),
        #"{"type":"gap","sample":900,"time":7.5,"missing":0.512,"cause":"missing"}"#
      ),
      (
        .summary(StreamSummary()),
        #"{"type":"summary","samples":0,"decisions":0,"trials":0,"correct":0,"accuracy":null,"rejected_trials":0,"gaps":0,"lost_samples":0}"#
      ),
    ]
    for (record, line) in lines { #expect(record.json.text == line) }
  }

  @Test func `the intent is the likeliest class, the first of equals`() {
    #expect(Opinion(classes: ["a", "b", "c"], probabilities: [0.2, 0.4, 0.4]).intent == "b")
    #expect(Opinion(classes: ["a", "b"], probabilities: [0.5, 0.5]).intent == "a")
  }
}
