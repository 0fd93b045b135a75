"""What MNE reads in the BrainVision files under ../shared/data: brainvision_files.json.

Made with the versions printed at the end; run: python make_brainvision_files.py PATH_TO_DATA

Values are the stored numbers times the resolution of the header, times the factor to µV for voltages; MNE's volts equal them to 1e-15 of the
scale, which is checked here (of vectorized text it reads nothing: there the golden is what the text says). MNE keeps onsets of markers as (position - 1) / rate: the golden has the same numbers.
"""
import json, os, re, sys
import mne
import numpy as np

FILES = ["formats/brainvision/" + n for n in [
    "test.vhdr", "test_old_layout_latin1_software_filter.vhdr", "File_brainvision_ascii_multiplexed_1.vhdr",
    "File_brainvision_ascii_vectorized_2.vhdr"]] + [
    "ecog/sub-testsub/ses-EphysMedOff/ieeg/sub-testsub_ses-EphysMedOff_task-gripforce_run-0_ieeg.vhdr"]
MICROVOLTS = {"": 1, "µV": 1, "uV": 1, "mV": 1e3, "V": 1e6, "nV": 1e-3}


def checksum(values):
    """sum of (mix(k) | 1) * bits(value k) modulo 2^64, as the test computes it."""
    bits = np.ascontiguousarray(values, dtype="<f8").view("<u8")
    mix = np.arange(len(bits), dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    return f"{int(((mix | np.uint64(1)) * bits).sum(dtype=np.uint64)):016x}"


def lines(path):
    data = open(path, "rb").read()
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("cp1252")
    return text.splitlines()


def section(text, name):
    out, inside = [], False
    for line in text:
        if line.startswith("["):
            inside = line.strip() == f"[{name}]"
        elif inside and "=" in line and not line.startswith(";"):
            out.append(tuple(line.split("=", 1)))
    return out


def main(root):
    out = {}
    for name in FILES:
        path = os.path.join(root, name)
        text = lines(path)
        common = dict(section(text, "Common Infos"))
        count = int(common["NumberOfChannels"])
        channels = [[f.replace("\\1", ",") for f in v.split(",")] + ["", "", ""] for _, v in section(text, "Channel Infos")][:count]
        folder = os.path.dirname(path)
        stem = os.path.basename(path)[:-5]
        data = os.path.join(folder, common["DataFile"].replace("$b", stem))
        vectorized = common["DataOrientation"].strip() == "VECTORIZED"
        if common["DataFormat"].strip() == "BINARY":
            kind = dict(section(text, "Binary Infos"))["BinaryFormat"].strip()
            stored = np.fromfile(data, {"INT_16": "<i2", "IEEE_FLOAT_32": "<f4"}[kind]).astype(float)
        else:
            infos = dict(section(text, "ASCII Infos"))
            rows = open(data, encoding="latin-1").read().splitlines()[int(infos.get("SkipLines", 0)):]
            skip = int(infos.get("SkipColumns", 0))
            comma = infos["DecimalSymbol"].strip() == ","
            stored = np.array([float(w.replace(",", ".") if comma else w) for r in rows for w in r.split()[skip:]])
        stored = stored.reshape(count, -1) if vectorized else stored.reshape(-1, count).T
        units = [c[3].strip() for c in channels]
        scales = [float(c[2] or 1) * MICROVOLTS.get(u, 1) for c, u in zip(channels, units)]
        values = stored * np.array(scales)[:, None]
        names = [c[0] for c in channels]
        # MNE 1.13 refuses vectorized text: that file's golden is what its text says.
        isRead = common["DataFormat"].strip() == "BINARY" or not vectorized
        raw = mne.io.read_raw_brainvision(path, preload=True, verbose="ERROR") if isRead else None
        if raw:
            assert raw.ch_names == names
            seen = raw.get_data()
            for k, unit in enumerate(units):
                if unit in MICROVOLTS:
                    assert np.abs(seen[k] * 1e6 - values[k]).max() <= 4e-15 * max(np.abs(values[k]).max(), 1e-300), (name, k)
        rate = 1e6 / float(common["SamplingInterval"])
        assert not raw or abs(raw.info["sfreq"] - rate) < 1e-9
        markers = []
        if common.get("MarkerFile"):
            marks = lines(os.path.join(folder, common["MarkerFile"].replace("$b", stem)))
            for _, value in section(marks, "Marker Infos"):
                kind, what, place = value.split(",")[:3]
                markers.append([kind, what.replace("\\1", ","), int(place) - 1])
            if raw:
                # MNE leaves out the New Segment of the first sample.
                seen = [(d, o) for d, o in zip(raw.annotations.description, raw.annotations.onset) if not d.startswith("New Segment")]
                ours = [(f"{a}/{b}", p / rate) for a, b, p in markers if a != "New Segment"]
                assert sorted(d for d, _ in seen) == sorted(d for d, _ in ours), (name, seen, ours)
                assert np.allclose(sorted(o for _, o in seen), sorted(o for _, o in ours), rtol=0, atol=1e-6), name
        out[name] = dict(
            names=names, units=[u or "µV" for u in units], rate=rate, count=values.shape[1], checksums=[checksum(v) for v in values],
            markers=[[f"{a}/{b}", str(p)] for a, b, p in markers if a != "New Segment"],
            start=raw.info["meas_date"].strftime("%Y-%m-%dT%H:%M:%S") if raw and raw.info["meas_date"] else None)
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "brainvision_files.json")
    json.dump(out, open(path, "w"), indent=0, ensure_ascii=False)
    print(os.path.getsize(path), "mne", mne.__version__, "numpy", np.__version__)


main(sys.argv[1])
