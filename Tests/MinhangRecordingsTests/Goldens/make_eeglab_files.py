"""What MNE and scipy read in the EEGLAB files under ../shared/data: eeglab_files.json.

Made with mne 1.13.2, scipy 1.17.1, numpy 2.4.6; run: python make_eeglab_files.py PATH_TO_DATA

Values are the stored numbers, which MNE's volts equal to 3e-16 of the scale. Onsets are (latency - 1) / srate from scipy: MNE keeps them to the
microsecond only; that its onsets, labels and names agree is checked here.
"""
import json, os, sys
import mne
import numpy as np
import scipy.io

FILES = ["formats/eeglab/eeglab_data.set"]


def checksum(values):
    """sum of (mix(k) | 1) * bits(value k) modulo 2^64, as the test computes it."""
    bits = np.ascontiguousarray(values, dtype="<f8").view("<u8")
    mix = np.arange(len(bits), dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    return f"{int(((mix | np.uint64(1)) * bits).sum(dtype=np.uint64)):016x}"


def position(place):
    values = [place.X, place.Y, place.Z]
    return [float(v) for v in values] if all(np.size(v) == 1 for v in values) else None


def main(root):
    out = {}
    for name in FILES:
        path = os.path.join(root, name)
        eeg = scipy.io.loadmat(path, struct_as_record=False, squeeze_me=True)["EEG"]
        raw = mne.io.read_raw_eeglab(path, preload=True, verbose="ERROR")
        values = np.fromfile(os.path.join(os.path.dirname(path), eeg.data), "<f4").reshape(-1, eeg.nbchan).T.astype(float)
        volts = raw.get_data()
        assert np.abs(volts * 1e6 - values).max() < 3e-16 * np.abs(values).max()
        events = sorted(((e.latency - 1) / eeg.srate, str(e.type)) for e in eeg.event)
        assert [e[1] for e in events] == list(raw.annotations.description)
        assert np.abs(np.array([e[0] for e in events]) - raw.annotations.onset).max() < 5.1e-7
        names = [p.labels for p in eeg.chanlocs]
        assert names == raw.ch_names
        out[name] = dict(
            names=names, rate=float(eeg.srate), count=int(eeg.pnts * eeg.trials), checksums=[checksum(v) for v in values],
            onsets=[e[0] for e in events], labels=[e[1] for e in events], positions=[position(p) for p in eeg.chanlocs])
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "eeglab_files.json")
    json.dump(out, open(path, "w"), indent=0, ensure_ascii=False)
    print(os.path.getsize(path), mne.__version__, scipy.__version__, np.__version__)


main(sys.argv[1])
