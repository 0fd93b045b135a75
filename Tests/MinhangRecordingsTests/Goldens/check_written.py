"""Reads files that Minhang wrote with MNE, edfio and pyEDFlib and compares them with what was written.

    python check_written.py            # writes the files by running the test that makes them, then checks
    python check_written.py FOLDER     # checks files that are there

Stored numbers must be equal, physical values to 1e-12 of the range (MNE: of the range in volts), event times to 1e-9 s (MNE rounds a start
with a part of a second to 1e-6 s). Files with gaps: edfio and MNE read the samples and join them; pyEDFlib refuses them.
Made with mne 1.13.2, edfio 0.4.18, pyedflib 0.1.42, numpy 2.4.
"""
import datetime
import glob
import json
import os
import subprocess
import sys
import tempfile
import warnings

import edfio
import mne
import numpy as np
import pyedflib

mne.set_log_level("ERROR")
warnings.simplefilter("ignore")


def close(a, b, scale, what):
    error = float(np.max(np.abs(np.asarray(a) - np.asarray(b)))) if len(a) else 0.0
    assert len(a) == len(b) and error <= 1e-12 * scale, f"{what}: off by {error}, {len(a)} for {len(b)} values"


def same_events(got, expected, tolerance, what):
    got, expected = sorted(got), sorted(expected)
    assert len(got) == len(expected), f"{what}: {len(got)} for {len(expected)} events"
    for a, b in zip(got, expected):
        assert abs(a[0] - b[0]) <= tolerance and abs(a[1] - b[1]) <= tolerance and a[2] == b[2], f"{what}: {a} for {b}"


def check_edfio(path, made):
    file = (edfio.read_bdf if path.endswith("bdf") else edfio.read_edf)(path)
    assert [s.label for s in file.signals] == made["labels"]
    for signal, numbers, physical, rate, factor in zip(file.signals, made["numbers"], made["physical"], made["rates"], made["factors"]):
        assert np.array_equal(signal.digital, numbers), f"edfio: numbers of {signal.label}"
        close(signal.data * factor, physical, np.max(np.abs(physical)), f"edfio: values of {signal.label}")
        assert abs(signal.sampling_frequency - rate) <= 1e-12 * rate
    same_events([(a.onset, a.duration or 0, a.text) for a in file.annotations], made["events"], 1e-9, "edfio")
    start = datetime.datetime.combine(file.startdate, file.starttime)
    assert start == datetime.datetime.fromisoformat(made["start"]), f"edfio: start {start}"
    assert file.is_continuous == (len(made["spans"]) == 1)
    return "edfio equal"


def check_mne(path, made):
    raw = (mne.io.read_raw_bdf if path.endswith("bdf") else mne.io.read_raw_edf)(path, preload=True, stim_channel=False)
    assert raw.ch_names == made["labels"]
    fraction = made["start"].count(".")
    # MNE joins gaps and cuts annotations at the end of what is left.
    end = raw.n_times / raw.info["sfreq"]
    expected = [(onset, min(duration, end - onset), text) for onset, duration, text in made["events"] if onset < end]
    same_events(
        [(a["onset"], a["duration"], a["description"]) for a in raw.annotations], expected, 1.1e-6 if fraction else 1e-9, "mne")
    if len(set(made["rates"])) > 1:
        return "mne events equal (it resamples mixed rates)"
    assert abs(raw.info["sfreq"] - made["rates"][0]) <= 1e-12 * made["rates"][0]
    for row, physical, factor, unit in zip(raw.get_data(), made["physical"], made["factors"], raw._orig_units.values()):
        if unit in ("n/a", "degreeC", "C") or factor == 1 and unit not in ("µV", "uV"):
            close(row, physical, np.max(np.abs(physical)), "mne: values")
        else:
            close(row * 1e6, physical, np.max(np.abs(physical)), "mne: values")
    return "mne equal"


def check_pyedflib(path, made):
    try:
        file = pyedflib.EdfReader(path)
    except OSError as error:
        assert len(made["spans"]) > 1, f"pyedflib: {error}"
        return "pyedflib refuses gaps"
    with file:
        assert file.getSignalLabels() == made["labels"]
        for k, (numbers, physical, factor) in enumerate(zip(made["numbers"], made["physical"], made["factors"])):
            assert np.array_equal(file.readSignal(k, digital=True), numbers), f"pyedflib: numbers of {k}"
            close(file.readSignal(k) * factor, physical, np.max(np.abs(physical)), f"pyedflib: values of {k}")
        onsets, durations, texts = file.readAnnotations()
        fraction = float("0" + made["start"][made["start"].index("."):]) if "." in made["start"] else 0
        # pyEDFlib counts in units of 100 ns; whether the part of a second of the start is taken off differs between versions.
        got = [(float(o), max(float(d), 0), t) for o, d, t in zip(onsets, durations, texts)]
        shifted = [(o - fraction, d, t) for o, d, t in got]
        try:
            same_events(got, made["events"], 1.1e-7, "pyedflib")
        except AssertionError:
            same_events(shifted, made["events"], 1.1e-7, "pyedflib")
    return "pyedflib equal"


def check_brainvision(path, made):
    """Times of MNE are those of stored samples: it does not know gaps."""
    raw = mne.io.read_raw_brainvision(path, preload=True)
    assert raw.ch_names == made["labels"] and raw.info["sfreq"] == made["rate"], "names and rate"
    assert raw.info["meas_date"].isoformat() == made["start"], f"start {raw.info['meas_date']}"
    for row, physical in zip(raw.get_data(), made["physical"]):
        close(row * 1e6, physical, np.max(np.abs(physical)), "mne: values")
    position = raw.info["chs"][0]["loc"][:3]
    ratio = position / np.array(made["position"])
    assert np.allclose(ratio, ratio[0], rtol=1e-6), f"position {position}"
    got = [(float(a["onset"]), float(a["duration"]), str(a["description"])) for a in raw.annotations]
    segments = [e for e in got if e[2] == "New Segment/"]
    assert len(segments) == (made["gap"] > 0), "the first segment is no annotation of MNE's, the others are"
    events = [(o - made["gap"] if o > 2 else o, d, t) for o, d, t in made["events"]]
    same_events([e for e in got if e not in segments], events, 1e-6, "mne")
    return "mne equal"


def main():
    folder = sys.argv[1] if len(sys.argv) > 1 else None
    if folder is None:
        folder = tempfile.mkdtemp()
        root = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", "..", ".."))
        subprocess.run(
            ["swift", "test", "--filter", "FilesForPeersTests"], cwd=root, env=dict(os.environ, MINHANG_WRITTEN=folder), check=True,
            stdout=subprocess.DEVNULL)
    failed = 0
    for path in sorted(glob.glob(folder + "/case*.?df")):
        made = json.load(open(path + ".json"))
        made["events"] = [(o, max(d, 0), t) for o, d, t in made["events"]]
        words = []
        for check in (check_edfio, check_mne, check_pyedflib):
            try:
                words.append(check(path, made))
            except Exception as error:
                failed += 1
                words.append(f"FAILED {check.__name__}: {error!r}")
        print(os.path.basename(path), "rates", sorted(set(made["rates"])), "spans", len(made["spans"]), "·", ", ".join(words))
    for path in sorted(glob.glob(folder + "/case*.vhdr")):
        try:
            words = check_brainvision(path, json.load(open(path + ".json")))
        except Exception as error:
            failed += 1
            words = f"FAILED {error!r}"
        print(os.path.basename(path), "·", words)
    annotations = folder + "/annotations.edf"
    if os.path.exists(annotations):
        count = len(edfio.read_edf(annotations).annotations)
        with pyedflib.EdfReader(annotations) as file:
            other = len(file.readAnnotations()[0])
        failed += count != 300 or other != 300
        print("annotations.edf edfio", count, "pyedflib", other, "of 300")
    print("failed", failed)
    sys.exit(failed > 0)


main()
