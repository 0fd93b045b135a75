"""Makes spatial.json: spherical splines by MNE.

Made with Python 3.11.7, numpy 2.4.6, mne 1.13.2; run in this folder:

    python make_spatial_goldens.py

Everything here is linear, so a recording whose samples are the rows of the identity comes out as the matrix that was applied. Electrodes are
random points of the upper two thirds of a sphere around the origin, at some distance from each other. Seeds are fixed.
"""
import json
import sys

import mne
import numpy as np

mne.set_log_level("error")
VERSIONS = dict(python=sys.version.split()[0], numpy=np.__version__, mne=mne.__version__)


def electrodes(rng, count):
    points = []
    while len(points) < count:
        p = rng.standard_normal(3)
        p = np.round(p / np.linalg.norm(p), 6)
        if p[2] > -0.35 and all(np.linalg.norm(p - q) > 0.25 for q in points):
            points.append(p)
    return np.array(points)


def raw(points, radius, bads=()):
    names = [f"E{i}" for i in range(len(points))]
    info = mne.create_info(names, 100.0, "eeg")
    made = mne.io.RawArray(np.eye(len(points)), info)
    made.set_montage(mne.channels.make_dig_montage(dict(zip(names, points * radius)), coord_frame="head"))
    made.info["bads"] = [names[i] for i in bads]
    return made


def numbers(matrix):
    return [float(f"{v:.12g}") for v in np.ravel(matrix)]


def main():
    rng = np.random.default_rng(5)
    densities, interpolations = [], []
    for count, lambda2, stiffness, terms, radius in [(19, 1e-5, 4, 50, 0.095), (32, 1e-5, 4, 50, 0.09), (16, 1e-3, 3, 20, 0.1), (8, 0.0, 5, 7, 0.085), (24, 1e-7, 4, 80, 0.095)]:
        points = electrodes(rng, count)
        made = mne.preprocessing.compute_current_source_density(
            raw(points, radius), sphere=(0, 0, 0, radius), lambda2=lambda2, stiffness=stiffness, n_legendre_terms=terms)
        densities.append(dict(
            positions=points.tolist(), regularization=lambda2, stiffness=stiffness, terms=terms, radius=radius, matrix=numbers(made.get_data())))
    for count, bads in [(19, [3]), (32, [0, 5, 17]), (10, [9, 1, 2, 3]), (6, [0])]:
        points = electrodes(rng, count)
        made = raw(points, 0.095, bads).interpolate_bads(origin=(0.0, 0.0, 0.0), reset_bads=False)
        interpolations.append(dict(positions=points.tolist(), bad=bads, matrix=numbers(made.get_data()[sorted(bads)])))
    names = [name for name in mne.channels.make_standard_montage("spherical_1005").ch_names]
    text = json.dumps(dict(versions=VERSIONS, densities=densities, interpolations=interpolations, names=names), separators=(",", ":")) + "\n"
    assert len(text) < 100_000, len(text)
    with open("spatial.json", "w") as file:
        file.write(text)
    print(len(text), len(names))


main()
