"""Makes the golden values of spectra, time-frequency maps and connectivity in this folder.

Made with Python 3.11.7, numpy 2.4.6, scipy 1.17.1, mne 1.13.2, mne-connectivity 0.9.0, spectrum 0.10.0, specparam 2.0.0rc7, yasa 0.8.1; run in
this folder:

    python make_spectra_goldens.py [name ...]

Each file states its versions. Seeds are fixed; the same versions give the same files.
"""
import json
import sys
from importlib.metadata import version

import numpy as np
import scipy.signal as ss

PACKAGES = ["numpy", "scipy", "mne", "mne-connectivity", "spectrum", "specparam", "yasa"]
VERSIONS = dict(python=sys.version.split()[0], **{name: version(name) for name in PACKAGES})


def write(name, content):
    text = json.dumps(dict(versions=VERSIONS, **content), separators=(",", ":")) + "\n"
    assert len(text) < 100_000, (name, len(text))
    with open(name, "w") as file:
        file.write(text)
    print(name, len(text))


def numbers(array):
    """Doubles in their shortest form that reads back equal; whole numbers without a point."""
    return [int(v) if float(v).is_integer() and abs(v) < 1e6 else float(v) for v in np.ravel(array)]


def pairs(array):
    """Complex numbers, real and imaginary parts side by side."""
    array = np.ravel(array)
    return numbers(np.stack([array.real, array.imag], -1))


def noise(rng, channels, samples):
    """Coloured noise with an offset and two rhythms, in microvolts, rounded so that it is short in the file."""
    x = ss.lfilter([1], [1, -0.9], rng.standard_normal((channels, samples))) * 5 + rng.uniform(-50, 50, (channels, 1))
    t = np.arange(samples) / 100
    x += 8 * np.sin(2 * np.pi * 10 * t + rng.uniform(0, 6, (channels, 1))) + 3 * np.sin(2 * np.pi * 23 * t)
    return np.round(x, 2)


def periodogram():
    rng = np.random.default_rng(11)
    x = noise(rng, 2, 150)
    cases = []
    for taper, detrend, length in [("boxcar", "constant", 150), ("hann", "linear", 150), ("boxcar", "none", 256), ("blackman", "constant", 201)]:
        _, p = ss.periodogram(x, 100.0, window=taper, nfft=length, detrend=False if detrend == "none" else detrend)
        cases.append(dict(kind="periodogram", taper=taper, detrend=detrend, window=150, overlap=0, length=length, density=numbers(p)))
    for window, overlap in [(30, 15), (30, 0), (40, 30), (75, 0), (150, 0), (37, 11)]:
        _, p = ss.welch(x, 100.0, nperseg=window, noverlap=overlap, average="median")
        cases.append(dict(kind="median", taper="hann", detrend="constant", window=window, overlap=overlap, length=window, density=numbers(p)))
    write("periodogram.json", dict(rate=100.0, channels=2, signal=numbers(x), cases=cases))


def multitaper():
    import mne
    mne.set_log_level("error")
    rng = np.random.default_rng(12)
    signals, cases, tapers = [], [], []
    for samples in (90, 127, 160):
        x = noise(rng, 1, samples)
        signals.append(dict(samples=samples, values=numbers(x)))
        for bandwidth in (None, 1.5 * 100 / samples, 4.0, 7.3):
            for adaptive in (False, True):
                for low_bias in (False, True):
                    if low_bias and bandwidth is not None and bandwidth < 4:
                        continue
                    normalization = "full" if len(cases) % 2 else "length"
                    p, _ = mne.time_frequency.psd_array_multitaper(
                        x, 100.0, bandwidth=bandwidth, adaptive=adaptive, low_bias=low_bias, normalization=normalization)
                    cases.append(dict(samples=samples, bandwidth=bandwidth, adaptive=adaptive, lowBias=low_bias, normalization=normalization,
                                      density=numbers(p)))
    for length, product, count in [(2, 0.9, 1), (3, 1.2, 2), (16, 2.0, 4), (33, 2.5, 5), (64, 4.0, 8), (65, 7.7, 16)]:
        values, ratios = ss.windows.dpss(length, product, count, sym=False, norm=2, return_ratios=True)
        tapers.append(dict(length=length, product=product, count=count, values=numbers(values), ratios=numbers(ratios)))
    write("multitaper.json", dict(rate=100.0, signals=signals, cases=cases))
    write("slepian.json", dict(cases=tapers))


def burg():
    import spectrum
    rng = np.random.default_rng(13)
    cases = []
    for samples, order in [(30, 1), (50, 4), (64, 10), (100, 15), (128, 30), (200, 16)]:
        x = noise(rng, 1, samples)[0]
        x = np.round(x - x.mean(), 3)
        a, variance, reflection = spectrum.arburg(x, order)
        length = 64 if order < 60 else 128
        # The density by its definition: two sides in one.
        response = np.fft.rfft(np.r_[1, a.real], length)
        density = variance / (100.0 * np.abs(response) ** 2)
        density[1:-1] *= 2
        whole = spectrum.arma2psd(a.real, rho=variance, T=100.0, NFFT=length, norm=False)
        assert np.allclose(whole[:length // 2], (density / np.r_[1, 2 * np.ones(length // 2 - 1), 1])[:length // 2] * 100.0 ** 2, rtol=1e-9) or \
            np.allclose(whole[:length // 2] / whole[0], (density / np.r_[1, 2 * np.ones(length // 2 - 1), 1])[:length // 2] / density[0], rtol=1e-9)
        cases.append(dict(signal=numbers(x), order=order, coefficients=numbers(a.real), variance=float(variance.real),
                          reflections=numbers(reflection.real), length=length, density=numbers(density)))
    write("burg.json", dict(rate=100.0, cases=cases))


def short_time():
    rng = np.random.default_rng(14)
    x = noise(rng, 1, 83)[0]
    cases = []
    for taper, window, step, length, scale in [("hann", 16, 4, 16, None), ("hann", 16, 8, 20, "psd"), ("hamming", 15, 5, 15, "magnitude"),
                                               ("boxcar", 10, 10, 10, None), ("blackman", 21, 6, 32, "psd"), ("hann", 9, 1, 9, None)]:
        transform = ss.ShortTimeFFT(ss.get_window(taper, window), step, 100.0, mfft=length, scale_to=scale, phase_shift=None)
        cases.append(dict(taper=taper, window=window, step=step, length=length, scale={None: "none", "psd": "density"}.get(scale, scale),
                          first=int(transform.p_min), values=pairs(transform.stft(x))))
    write("short-time.json", dict(rate=100.0, signal=numbers(x), cases=cases))


def morlet():
    import mne
    mne.set_log_level("error")
    rng = np.random.default_rng(15)
    x = noise(rng, 2, 180)
    cases, wavelets = [], []
    for frequencies, cycles, zero_mean, decimation in [([10.0, 20.0], 7.0, True, 1), ([6.5, 12.0, 40.0], [3.0, 5.0, 8.0], True, 3),
                                                       ([8.0, 30.0], 2.0, False, 2), ([50.0], 5.0, True, 7)]:
        tfr = mne.time_frequency.tfr_array_morlet(x[None], 100.0, frequencies, n_cycles=cycles, zero_mean=zero_mean, decim=decimation,
                                                  output="complex")[0]
        cases.append(dict(frequencies=frequencies, cycles=list(np.atleast_1d(cycles)), zeroMean=zero_mean, decimation=decimation, values=pairs(tfr)))
    for rate, frequency, cycles, zero_mean in [(100.0, 10.0, 7.0, True), (250.0, 13.7, 4.2, False), (128.0, 64.0, 1.5, True), (200.0, 25.0, 3.0, True)]:
        wavelets.append(dict(rate=rate, frequency=frequency, cycles=cycles, zeroMean=zero_mean,
                             values=pairs(mne.time_frequency.morlet(rate, frequency, cycles, zero_mean=zero_mean))))
    write("morlet.json", dict(rate=100.0, channels=2, signal=numbers(x), cases=cases, wavelets=wavelets))


def hilbert():
    rng = np.random.default_rng(16)
    cases = []
    for samples in (1, 2, 3, 40, 41, 97, 128):
        x = noise(rng, 1, samples)[0]
        z = ss.hilbert(x)
        cases.append(dict(signal=numbers(x), envelope=numbers(np.abs(z)), phase=numbers(np.angle(z)), quadrature=numbers(z.imag)))
    write("hilbert.json", dict(cases=cases))


def connectivity():
    import mne_connectivity
    rng = np.random.default_rng(17)
    epochs, channels, samples = 7, 3, 50
    common = rng.standard_normal((epochs, 1, samples + 4))
    x = rng.standard_normal((epochs, channels, samples)) * 4
    for c in range(channels):
        x[:, c] += 5 * common[:, 0, c:c + samples] + 10 * c
    x = np.round(x, 2)
    names = ["coh", "imcoh", "plv", "pli", "wpli"]
    indices = (np.array([0, 0, 1]), np.array([1, 2, 2]))
    cases = []
    for bandwidth, low_bias in [(None, True), (10.0, True), (6.0, False)]:
        found = mne_connectivity.spectral_connectivity_epochs(
            x, method=names, indices=indices, sfreq=100.0, mode="multitaper", mt_bandwidth=bandwidth, mt_adaptive=False, mt_low_bias=low_bias,
            fmin=0.0, fmax=np.inf, verbose="error")
        cases.append(dict(bandwidth=bandwidth, lowBias=low_bias, **{name: numbers(f.get_data()) for name, f in zip(names, found)}))
    # One taper: windows of a continuous signal.
    y = x.transpose(1, 0, 2).reshape(channels, -1)
    _, cross = ss.csd(y[[0, 0, 1]], y[[1, 2, 2]], 100.0, nperseg=40, noverlap=20)
    _, squared = ss.coherence(y[[0, 0, 1]], y[[1, 2, 2]], 100.0, nperseg=40, noverlap=20)
    write("connectivity.json", dict(rate=100.0, epochs=epochs, channels=channels, samples=samples, signal=numbers(x), cases=cases,
                                    cross=pairs(cross), squaredCoherence=numbers(squared)))


def aperiodic():
    import specparam
    rng = np.random.default_rng(18)
    cases = []
    for mode, low, high, parameters, peaks, level in [
            ("fixed", 1, 40, [1.0, 1.2], [], 0.0), ("fixed", 1, 40, [0.5, 1.0], [10, 0.8, 1.5], 0.02),
            ("fixed", 2, 45, [2.0, 1.8], [9, 0.6, 1.2, 21, 0.4, 2.5], 0.03), ("knee", 1, 60, [3.0, 80.0, 2.2], [], 0.0),
            ("knee", 1, 60, [2.5, 40.0, 2.0], [11, 0.7, 1.5], 0.02), ("knee", 1, 80, [4.0, 150.0, 2.5], [10, 0.9, 1.0, 27, 0.5, 3.0], 0.03)]:
        frequencies = np.arange(0, 201) * 0.5
        f = frequencies[1:]
        log = parameters[0] - (np.log10(f ** parameters[1]) if mode == "fixed" else np.log10(parameters[1] + f ** parameters[2]))
        for centre, height, deviation in np.reshape(peaks, (-1, 3)):
            log += height * np.exp(-(f - centre) ** 2 / (2 * deviation ** 2))
        log += level * rng.standard_normal(len(f))
        power = np.r_[10.0, np.array([float(f"{v:.6g}") for v in 10 ** log])]
        model = specparam.SpectralModel(peak_width_limits=(1.0, 12.0), max_n_peaks=6, min_peak_height=0.1, aperiodic_mode=mode, verbose=False)
        # The peer stops its least squares at 1e-5 by default; here it goes on to the end, as ours does.
        model.algorithm._cf_settings.tol = 1e-13
        model.fit(frequencies, power, [low, high])
        cases.append(dict(mode=mode, low=low, high=high, power=numbers(power), aperiodic=numbers(model.results.params.aperiodic.get_params("fit")),
                          peaks=numbers(model.results.params.periodic.get_params("fit")), truth=parameters))
    write("aperiodic.json", dict(resolution=0.5, cases=cases))


def irasa():
    import yasa
    rng = np.random.default_rng(19)
    samples = 800
    x = np.cumsum(rng.standard_normal((2, samples)), axis=-1)
    x = np.round(x + 3 * np.sin(2 * np.pi * 10 * np.arange(samples) / 100), 2)
    frequencies, aperiodic, oscillatory, fit = yasa.irasa(x, sf=100.0, band=(1, 25), win_sec=2)
    write("irasa.json", dict(rate=100.0, channels=2, signal=numbers(x), window=200, band=[1, 25], frequencies=numbers(frequencies),
                             aperiodic=numbers(aperiodic), oscillatory=numbers(oscillatory), slopes=numbers(fit["Slope"]),
                             intercepts=numbers(fit["Intercept"])))


def running():
    """Band power as a running mean of the squared output of a causal Butterworth filter."""
    rng = np.random.default_rng(20)
    x = noise(rng, 2, 400)
    window, step = 50, 10
    values = []
    for band in ([4, 8], [8, 13], [13, 30]):
        sos = ss.butter(2, band, btype="band", fs=100.0, output="sos")
        z = ss.sosfilt_zi(sos)[:, None] * x[None, :, :1]
        y, _ = ss.sosfilt(sos, x, zi=z)
        values.append([np.mean(y[:, s:s + window] ** 2, axis=-1) for s in range(0, 400 - window + 1, step)])
    write("running-power.json", dict(rate=100.0, channels=2, signal=numbers(x), window=window, step=step, order=2,
                                     values=numbers(np.transpose(values, (1, 2, 0)))))


ALL = dict(periodogram=periodogram, multitaper=multitaper, burg=burg, short_time=short_time, morlet=morlet, hilbert=hilbert,
           connectivity=connectivity, aperiodic=aperiodic, irasa=irasa, running=running)
if __name__ == "__main__":
    for name in sys.argv[1:] or ALL:
        ALL[name]()
