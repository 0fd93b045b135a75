"""Makes the golden values for artefact handling: artefact-*.json in this folder.

Made with Python 3.11.7, numpy 2.4.6, scipy 1.17.1, scikit-learn 1.9.1, mne 1.13.2, meegkit 0.2.0; run in this folder:

    python make_artefact_goldens.py

Signals are not stored: `noise` and the formulas below use only whole numbers, sums and products of doubles in a fixed order, so that the tests
make the same bits (Tests/MinhangSignalTests/Artefacts/SharedSignals.swift).
"""
import contextlib
import io
import json
import sys
import warnings

import meegkit
import mne
import numpy as np
import scipy
import sklearn
from scipy.special import gammaincinv

VERSIONS = dict(
    python=sys.version.split()[0], numpy=np.__version__, scipy=scipy.__version__, sklearn=sklearn.__version__, mne=mne.__version__,
    meegkit="0.2.0")


def write(name, content):
    text = json.dumps(dict(versions=VERSIONS, **content), separators=(",", ":")) + "\n"
    assert len(text) < 100_000, (name, len(text))
    with open(name, "w") as file:
        file.write(text)
    print(name, len(text))


def numbers(array):
    return [float(v) for v in np.ravel(array)]


def noise(seed, count):
    """Sums of four uniform numbers of a linear congruential generator, of variance 1: nearly normal."""
    state = (seed * 7919 + 12345) % 2**64
    values = np.empty(count)
    for i in range(count):
        total = 0.0
        for _ in range(4):
            state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
            total += (state >> 33) * 2.0**-31
        values[i] = (total - 2.0) * 1.7320508075688772
    return values


def uniform(seed, count):
    state = (seed * 7919 + 12345) % 2**64
    values = np.empty(count)
    for i in range(count):
        state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
        values[i] = (state >> 33) * 2.0**-31 - 0.5
    return values


def smoothed(values, factor):
    """x[n] = factor x[n - 1] + e[n]."""
    result = np.empty_like(values)
    last = 0.0
    for i, value in enumerate(values):
        last = factor * last + value
        result[i] = last
    return result


def brain(seed, channels, count):
    """Mixed autoregressive sources, about 10 microvolt."""
    sources = [smoothed(noise(seed + k, count), 0.5 + 0.08 * k) for k in range(channels)]
    rows = []
    for c in range(channels):
        row = np.zeros(count)
        for k in range(channels):
            row = row + (8.0 if c == k else 2.4 / (1 + abs(c - k))) * sources[k]
        rows.append(row)
    return np.array(rows)


def add_bursts(signal, seed, bursts):
    """Adds amplitude * noise * (1, 1/2, 1/3, ...) over the channels from `offset` on, in ranges of samples."""
    for j, (first, last, amplitude, offset) in enumerate(bursts):
        burst = noise(seed + j, last - first)
        for c in range(signal.shape[0]):
            signal[c, first:last] += amplitude / (1 + (c + offset) % signal.shape[0]) * burst
    return signal


def asr():
    from meegkit.asr import ASR, clean_windows
    from meegkit.utils.asr import fit_eeg_distribution, geometric_median, yulewalk

    rates = [80, 100, 128, 160, 200, 250, 256, 300, 500, 512, 1000, 1024, 2048, 5000]
    designs = []
    for rate in rates:
        edges = np.array([0, 2, 3, 13, 16, 40, min(80.0, rate / 2.0 - 1.0), rate / 2.0]) * 2.0 / rate
        b, a = yulewalk(8, edges, np.array([3, 0.75, 0.33, 0.33, 1, 1, 3, 3]))
        designs.append(dict(rate=rate, numerator=numbers(b), denominator=numbers(a)))

    fits = []
    for seed, count in [(50, 300), (51, 700), (52, 1200)]:
        values = np.abs(10 + noise(seed, count))
        values[: count // 6] *= 3
        for clean, dropout in [(0.25, 0.1), (0.5, 0.05)]:
            mean, deviation, _, shape = fit_eeg_distribution(values.copy(), clean, dropout)
            fits.append(dict(seed=seed, count=count, clean=clean, dropout=dropout, mean=mean, deviation=deviation, shape=float(shape)))

    points = noise(70, 40 * 3).reshape(40, 3)
    points[:8] += 30
    weights = [1 + (i % 5) for i in range(40)]
    medians = dict(plain=numbers(geometric_median(points)), weighted=numbers(geometric_median(points, sample_weight=weights)))

    calibration = add_bursts(brain(100, 6, 9000), 200, [(700, 900, 400.0, 0), (3000, 3300, 250.0, 2), (6100, 6150, 600.0, 4)])
    test = add_bursts(brain(300, 6, 2500), 400, [(600, 800, 300.0, 1), (1500, 1560, 500.0, 3), (2100, 2350, 150.0, 0)])
    model = ASR(sfreq=250, method="euclid", estimator="scm")
    _, mask = model.fit(calibration.copy())
    mask = mask.ravel().astype(int)
    changes = np.flatnonzero(np.diff(np.r_[0, mask, 0])).reshape(-1, 2)
    outputs = []
    for interval in [125, 50]:
        model.reset()
        model.fit(calibration.copy())
        state = {k: (None if v is None else v.copy()) for k, v in model.state_.items()}
        parts = [model.transform(test[:, i : i + interval]) for i in range(0, 2500, interval)]
        outputs.append(dict(interval=interval, every=7, values=numbers(np.concatenate(parts, axis=1)[:, ::7])))
    write("artefact-asr.json", dict(
        designs=designs, fits=fits, medians=medians, kept=changes.ravel().tolist(), mixing=numbers(state["M"]),
        thresholds=numbers(state["T"]), outputs=outputs,
        gamma=[dict(a=a, part=p, x=float(gammaincinv(a, p))) for a in [1 / 3.5, 0.4, 1 / 1.7, 1.0, 2.5] for p in [0.01, 0.2, 0.5, 0.956, 0.999]]))


def regression():
    count = 1200
    eeg = brain(500, 4, count)
    eog = np.array([60 * smoothed(noise(510 + k, count), 0.9) + 25 * (k + 1) for k in range(2)])
    for c in range(4):
        eeg[c] = eeg[c] + 0.3 / (c + 1) * eog[0] + (0.05 * c - 0.1) * eog[1]
    info = mne.create_info(["E1", "E2", "E3", "E4", "V", "H"], 250.0, ["eeg"] * 4 + ["eog"] * 2)
    data = np.vstack([eeg, eog])
    raw = mne.io.RawArray(data.copy(), info, verbose="error").set_eeg_reference([], verbose="error")
    model = mne.preprocessing.EOGRegression(picks="eeg", proj=False).fit(raw)
    cleaned = model.apply(raw).get_data()[:4]
    epochs = mne.EpochsArray(np.array([data[:, i * 200 : (i + 1) * 200] for i in range(6)]), info, verbose="error")
    epochs = epochs.set_eeg_reference([], verbose="error")
    by_epoch = mne.preprocessing.EOGRegression(picks="eeg", proj=False).fit(epochs)
    write("artefact-regression.json", dict(
        coefficients=numbers(model.coef_), every=5, cleaned=numbers(cleaned[:, ::5]), epochCoefficients=numbers(by_epoch.coef_)))


def rejection():
    signal = add_bursts(brain(600, 5, 4000), 610, [(450, 480, 200.0, 0), (1700, 1790, 90.0, 3), (3333, 3340, 400.0, 1)])
    signal[2, 2000:2200] = 5.0
    signal[4, 2600:2800] *= 1e-3
    info = mne.create_info(["A", "B", "C", "D", "E"], 200.0, "eeg")
    events = np.array([[i * 200, 0, 1] for i in range(20)])
    # The peak to peak limits are in volt for mne: it only compares, so microvolt do as well.
    epochs = mne.Epochs(
        mne.io.RawArray(signal, info, verbose="error"), events, tmin=0, tmax=199 / 200, baseline=None, reject=dict(eeg=150.0),
        flat=dict(eeg=1.0), preload=True, verbose="error")
    write("artefact-rejection.json", dict(dropped=[list(entry) for entry in epochs.drop_log]))


def ica():
    from sklearn.decomposition import FastICA

    cases = []
    for case, count in enumerate([3000, 5000]):
        sources = []
        for k in range(5):
            e = noise(700 + 10 * case + k, count)
            sources.append([e * e * e, uniform(740 + 10 * case + k, count) * 6, e * np.abs(e), smoothed(e * e * e, 0.3), e * e][k])
        mixing = np.array([[1.0 if r == c else 0.4 / (1 + abs(r - c)) * (-1) ** (r * c) for c in range(5)] for r in range(5)])
        mixed = np.zeros((5, count))
        for r in range(5):
            for c in range(5):
                mixed[r] = mixed[r] + mixing[r, c] * 10 * sources[c]
        model = FastICA(5, algorithm="parallel", fun="logcosh", whiten="unit-variance", max_iter=5000, tol=1e-12, random_state=0)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model.fit(mixed.T)
        cases.append(dict(case=case, count=count, mixing=numbers(mixing), unmixing=numbers(model.components_), iterations=int(model.n_iter_)))
    write("artefact-ica.json", dict(cases=cases))


def separation():
    import meegkit.tspca
    from meegkit.dss import dss0, dss_line

    # The regression in dss_line divides one covariance by n and the other by n - 1, so that 1/n of the artefact stays: made equal here.
    original = meegkit.tspca.tsxcov

    def equal_weight(*arguments, **options):
        covariance, weight = original(*arguments, **options)
        return covariance, weight - 1

    meegkit.tspca.tsxcov = equal_weight
    base = brain(800, 5, 2000)
    biased = brain(850, 5, 300)
    c0, c1 = base @ base.T / 2000, biased @ biased.T / 300
    todss, fromdss, power0, power1 = dss0(c0, c1)
    lines = []
    for frequency, rate, removed, kept in [(50, 250, 1, None), (60, 250, 2, None), (50, 512, 2, 4)]:
        count = 1500
        # A triangle of the line's period, in whole numbers, with a slow change of its size: harmonics included.
        phase = np.arange(count) * frequency % rate / rate
        wave = np.abs(phase - 0.5) - 0.25
        signal = brain(900, 5, count)
        size = 1 + 0.2 * smoothed(noise(950, count), 0.99) * 0.1
        for c in range(5):
            signal[c] = signal[c] + 120.0 / (c + 1) * wave * size + 3.0 * c
        with contextlib.redirect_stdout(io.StringIO()):
            cleaned, _ = dss_line(signal.T.copy(), frequency, rate, nremove=removed, nkeep=kept)
        lines.append(dict(
            frequency=frequency, rate=rate, removed=removed, kept=kept or 0, every=6, cleaned=numbers(cleaned.T[:, ::6])))
    write("artefact-separation.json", dict(
        unmixing=numbers(todss), mixing=numbers(fromdss), baselinePower=numbers(power0), biasedPower=numbers(power1), lines=lines))


if __name__ == "__main__":
    mne.set_log_level("ERROR")
    asr()
    regression()
    rejection()
    ica()
    separation()
