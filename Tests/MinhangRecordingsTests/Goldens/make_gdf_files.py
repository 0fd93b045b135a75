"""What MNE reads from real GDF recordings, as probes and events: gdf_files.json.

    python make_gdf_files.py ../../../../shared/data > gdf_files.json

Made with mne 1.13.2, numpy 2.4.6. Probes are samples spread over channels and time, in microvolts. Onsets are in seconds.
"""
import json
import os
import sys
import warnings

import mne
import numpy as np

warnings.simplefilter("ignore")
mne.set_log_level("ERROR")


def describe(path):
    raw = mne.io.read_raw_gdf(path, preload=True)
    values = raw.get_data() * 1e6
    channels, samples = values.shape
    places = [(k % channels, k * (samples - 1) // 79) for k in range(80)]
    rate = raw.info["sfreq"]
    notes = raw.annotations
    # MNE rounds to microseconds: back to the sample.
    order = np.argsort(notes.onset, kind="stable")
    return dict(
        channels=raw.ch_names, rate=rate, samples=samples, scale=[float(np.abs(row).max()) for row in values],
        probes=[[c, s, float(values[c, s])] for c, s in places],
        events=[[round(notes.onset[k] * rate) / rate, notes.description[k]] for k in order])


names = ["ssvep/subject01.gdf", "ssvep/subject03.gdf", "ssvep/subject04.gdf", "formats/gdf/test_1ch.gdf"]
print("{")
print(",\n".join(f"{json.dumps(name)}: {json.dumps(describe(os.path.join(sys.argv[1], name)))}" for name in names))
print("}")
