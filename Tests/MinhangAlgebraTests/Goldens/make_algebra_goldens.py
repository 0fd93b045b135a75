"""Makes the golden values of this folder.

Made with Python 3.11.7, numpy 2.4.6, pyriemann 0.12; run in this folder:

    python make_algebra_goldens.py

The file states its versions. The seed is fixed; the same versions give the same file.
"""
import json
import sys

import numpy as np
import pyriemann
from pyriemann.geometry.mean import mean_riemann

VERSIONS = dict(python=sys.version.split()[0], numpy=np.__version__, pyriemann=pyriemann.__version__)


def riemannian_mean():
    """16 sets of random sizes, condition numbers of 10 to 10 000, half of them with weights."""
    rng = np.random.default_rng(2026)
    sets = []
    for i in range(16):
        n, count = int(rng.integers(1, 9)), int(rng.integers(1, 13))
        spread = np.exp(rng.uniform(0, np.log(100), n))
        factors = rng.standard_normal((count, n, 2 * n)) * np.sqrt(spread)[:, None]
        # Rounded first: the file holds what went in, in few digits.
        x = np.round(factors @ factors.transpose(0, 2, 1) / (2 * n) + 0.1 * np.eye(n), 4)
        weights = np.round(rng.uniform(0.1, 2, count), 3) if i % 2 else None
        mean = mean_riemann(x, sample_weight=weights)
        sets.append(dict(size=n, matrices=[m.ravel().tolist() for m in x], weights=None if weights is None else weights.tolist(),
                         mean=mean.ravel().tolist()))
    return sets


text = json.dumps(dict(versions=VERSIONS, sets=riemannian_mean()), separators=(",", ":")) + "\n"
assert len(text) < 100_000, len(text)
with open("riemannian-mean.json", "w") as file:
    file.write(text)
print("riemannian-mean.json", len(text), VERSIONS)
