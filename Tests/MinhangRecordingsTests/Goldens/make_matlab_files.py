"""Small EEGLAB data sets of MATLAB versions 5 and 7 as scipy writes them, in base 64: matlab_files.json.

Made with scipy 1.17.1, numpy 2.4.6, checked with mne 1.13.2; run: python make_matlab_files.py

The samples are ((37 * sample + 101 * channel) % 200 - 100) / 4 for 3 channels and 60 samples; epochs are 3 of 20.
"""
import base64, io, json, os, tempfile
import mne
import numpy as np
import scipy
import scipy.io

samples = np.array([[((37 * s + 101 * c) % 200 - 100) / 4 for s in range(60)] for c in range(3)])


def fields(epochs):
    places = np.zeros((1, 3), dtype=[(name, "O") for name in ["labels", "X", "Y", "Z"]])
    for k, name in enumerate(["Fp1", "Öz", "EOG"]):
        places[0, k] = (name, k + 1.0, 2.0, -3.0)
    events = np.zeros((1, 3), dtype=[(name, "O") for name in ["type", "latency", "duration"]])
    for k, event in enumerate([("go", 1.0, 0.0), (7.0, 11.5, 5.0), ("stop", 41.0, np.zeros((0, 0)))]):
        events[0, k] = event
    data = samples.astype("<f4")
    return dict(
        setname="made", subject="S 7", filename="", nbchan=3.0, trials=3.0 if epochs else 1.0, pnts=20.0 if epochs else 60.0, srate=100.0,
        xmin=0.0, xmax=0.59, data=data.reshape(3, 3, 20).transpose(0, 2, 1) if epochs else data, chanlocs=places, event=events,
        epoch=np.zeros((0, 0)), ref="common", icawinv=np.zeros((0, 0)), icasphere=np.zeros((0, 0)), icaweights=np.zeros((0, 0)),
        chaninfo=dict(nosedir="+X"))


def main():
    out = {}
    for name, is_packed, is_flat, epochs in [
        ("structure", False, False, False), ("packed structure", True, False, False), ("variables", False, True, False),
        ("packed variables", True, True, False), ("packed epochs", True, False, True),
    ]:
        stream = io.BytesIO()
        made = fields(epochs)
        scipy.io.savemat(stream, made if is_flat else dict(EEG=made), do_compression=is_packed)
        data = stream.getvalue()
        if not epochs:
            with tempfile.NamedTemporaryFile(suffix=".set") as file:
                file.write(data)
                file.flush()
                raw = mne.io.read_raw_eeglab(file.name, preload=True, verbose="ERROR")
            assert raw.ch_names == ["Fp1", "Öz", "EOG"] and np.abs(raw.get_data() * 1e6 - samples).max() < 1e-9
        out[name] = base64.b64encode(data).decode() + f":{len(data)}"
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "matlab_files.json")
    json.dump(out, open(path, "w"), indent=0)
    print(os.path.getsize(path), scipy.__version__, np.__version__, mne.__version__)


main()
