"""Makes the golden values of the stages for spikes: threshold crossings, bins, spike-band power, causal smoothing.

Made with Python 3.11.7, numpy 2.4.6, scipy 1.17.1; run in this folder:

    python make_spike_goldens.py
"""
import json
import sys

import numpy as np
import scipy
import scipy.signal as ss

VERSIONS = dict(python=sys.version.split()[0], numpy=np.__version__, scipy=scipy.__version__)
RATE, LEARN, REFRACTORY, BIN = 5000.0, 150, 7, 25


def crossings(x, level, polarity, refractory, start):
    """Places where x goes beyond the level, from `start` on, not within `refractory` samples of the last."""
    side = np.where((x < -level) & (polarity != "positive"), -1, np.where((x > level) & (polarity != "negative"), 1, 0))
    places = start + np.flatnonzero((side[start:] != 0) & (side[start:] != np.r_[side[start - 1] if start else side[0], side[start:-1]]))
    kept = []
    for place in places:
        if not kept or place - kept[-1] >= refractory:
            kept.append(int(place))
    return kept


def main():
    rng = np.random.default_rng(64)
    x = 8 * rng.standard_normal((3, 1000))
    for c, rate in enumerate([0.02, 0.05, 0.01]):
        for place in np.flatnonzero(rng.random(990) < rate):
            x[c, place:place + 6] += np.array([-20, -70, -40, 25, 35, 10]) * rng.uniform(0.7, 1.3)
    x = np.round(x, 2)
    first = x[:, :LEARN]
    levels = dict(rms=3 * np.sqrt(np.mean(first**2, axis=1)), mad=4.5 * np.median(np.abs(first), axis=1) / 0.6745, given=np.array([30.0] * 3))
    found = []
    for name, level in levels.items():
        for polarity in ["negative", "positive", "both"]:
            for refractory in [1, REFRACTORY]:
                start = 0 if name == "given" else LEARN
                places = [crossings(x[c], level[c], polarity, refractory, start) for c in range(3)]
                raster = np.zeros_like(x)
                for c in range(3):
                    raster[c, places[c]] = 1
                found.append(dict(threshold=name, levels=level.tolist(), polarity=polarity, refractory=refractory, places=places,
                                  counts=raster.reshape(3, -1, BIN).sum(axis=2).astype(int).tolist()))
    sos = ss.butter(2, [300, 1000], btype="bandpass", fs=RATE, output="sos")
    zi = ss.sosfilt_zi(sos)
    filtered = np.stack([ss.sosfilt(sos, row, zi=zi * row[0])[0] for row in x])
    power = {name: f(filtered).reshape(3, -1, BIN).mean(axis=2).tolist() for name, f in [("magnitude", np.abs), ("square", np.square)]}
    rates = np.array(found[0]["counts"][1], dtype=float)
    weight = 1 - np.exp(-1 / 5.0)
    exponential = ss.lfilter([weight], [1, weight - 1], rates)
    taps = np.exp(-0.5 * (np.arange(13) / 3.0) ** 2)
    half = ss.lfilter(taps / taps.sum(), 1, rates)
    text = json.dumps(dict(versions=VERSIONS, rate=RATE, learn=LEARN, bin=BIN, signal=x.tolist(), crossings=found, power=power,
                           rates=rates.tolist(), exponential=exponential.tolist(), halfGaussian=half.tolist()), separators=(",", ":")) + "\n"
    assert len(text) < 100_000, len(text)
    with open("spikes.json", "w") as file:
        file.write(text)
    print("spikes.json", len(text))


if __name__ == "__main__":
    main()
