"""Small MATLAB files of version 7.3 as other programs write them, in base 64: hdf5_files.json.

Made with h5py 3.16.0 (HDF5 2.0.0), hdf5storage 0.2.2, numpy 2.4.6, checked with mne 1.13.2; run: python make_hdf5_files.py

The samples are ((37 * sample + 101 * channel) % 200 - 100) / 4 for 3 channels and 60 samples; epochs are 3 of 20.
"""
import base64, json, os, tempfile, warnings
import h5py
import hdf5storage
import mne
import numpy as np

warnings.simplefilter("ignore")
samples = np.array([[((37 * s + 101 * c) % 200 - 100) / 4 for s in range(60)] for c in range(3)])


def layout(path, dtype="<f4", libver="earliest", epochs=False, **options):
    """The fields as variables, as h5py stores them; options are those of create_dataset."""
    with h5py.File(path, "w", libver=libver, userblock_size=512) as file:
        fields = dict(srate=100.0, nbchan=3.0, pnts=20.0 if epochs else 60.0, trials=3.0 if epochs else 1.0)
        for name, value in fields.items():
            file.create_dataset(name, data=np.array([[value]])).attrs["MATLAB_class"] = np.bytes_("double")
        data = samples.T.astype(dtype)
        data = file.create_dataset("data", data=data.reshape(3, 20, 3) if epochs else data, **options)
        data.attrs["MATLAB_class"] = np.bytes_("single")


def structure(path):
    """A structure EEG with arrays of structures, as hdf5storage stores it; MNE reads the same."""
    places = np.zeros((1, 3), dtype=[(name, "O") for name in ["labels", "X", "Y", "Z"]])
    for k, name in enumerate(["Fp1", "Öz", "EOG"]):
        places[0, k] = (name, k + 1.0, 2.0, -3.0)
    events = np.zeros((1, 3), dtype=[(name, "O") for name in ["type", "latency", "duration"]])
    for k, event in enumerate([("go", 1.0, 0.0), (7.0, 11.5, 5.0), ("stop", 41.0, np.array([]))]):
        events[0, k] = event
    eeg = dict(
        setname="made", subject="S 7", filename="", nbchan=3.0, trials=1.0, pnts=60.0, srate=100.0, xmin=0.0, xmax=0.59,
        data=np.asfortranarray(samples.astype("<f4")), chanlocs=places, event=events, epoch=np.array([]), ref="common",
        icawinv=np.array([]), icasphere=np.array([]), icaweights=np.array([]), chaninfo=dict(nosedir="+X"))
    hdf5storage.savemat(
        path, dict(EEG=eeg), format="7.3", matlab_compatible=True, store_python_metadata=False, appendmat=False)
    raw = mne.io.read_raw_eeglab(path, preload=True, verbose="ERROR")
    assert raw.ch_names == ["Fp1", "Öz", "EOG"] and raw.info["sfreq"] == 100
    assert np.abs(raw.get_data() * 1e6 - samples).max() < 1e-9


def main():
    out = {}
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "made.set")

        def keep(name):
            data = open(path, "rb").read()
            out[name] = base64.b64encode(data.rstrip(b"\0")).decode() + f":{len(data)}"
            os.remove(path)

        structure(path)
        keep("structure")
        gzip = dict(compression="gzip")
        for name, options in dict(
            contiguous={}, big=dict(dtype=">f8"), deflated=dict(chunks=(7, 2), **gzip),
            filtered=dict(chunks=(32, 3), shuffle=True, fletcher32=True, **gzip), epochs=dict(epochs=True, chunks=(2, 7, 2), **gzip),
            newer=dict(libver="v108", chunks=(20, 3), **gzip), single=dict(libver="v110", chunks=(60, 3), **gzip),
            table=dict(libver="v110", chunks=(16, 2), **gzip), pages=dict(libver="v110", dtype="<i2", chunks=(1, 1)),
        ).items():
            layout(path, **options)
            keep(name)
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "hdf5_files.json")
    json.dump(out, open(path, "w"), indent=0)
    print(os.path.getsize(path), h5py.version.version, h5py.version.hdf5_version, hdf5storage.__version__, np.__version__, mne.__version__)
    print({name: len(text) for name, text in out.items()})


main()
