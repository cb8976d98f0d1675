"""Step 5. Sets how scores become attributions, on development data: python tune.py --gold DEV.jsonl --binary annalist --out decoding.json

Coordinate search over thresholds, prices and shifts for the sum of the triple's F1 and those of content, source and cue tokens; then logistic regression for
confidence, fitted on half of the articles, its error reported on the other half, and fitted again on all.
"""
import argparse
import json
import math
import os
import re
import subprocess
import tempfile

import numpy as np


def figures(binary, gold, decoding, network):
    with tempfile.NamedTemporaryFile('w', suffix='.json', delete=False) as f:
        json.dump(decoding, f)
    command = [binary, 'evaluate', 'attribution', gold, '--decoding', f.name] + (['--network', network] if network else [])
    out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    os.remove(f.name)
    every, direct = out.split('direct quotations only')
    f1 = lambda text, name: float(re.search(rf'^{name} .*?F1 +([\d.]+)', text, re.M)[1])
    return {'triple': f1(every, 'triple'), 'direct': f1(direct, 'triple'), **{k: f1(every, k + ' tokens') for k in ('content', 'source', 'cue')}}


def worth(f):
    return f['triple'] + f['content'] + f['source'] + f['cue'] + 0.1 * f['direct']


def logistic(rows, steps=25):
    """Logistic regression by Newton's method, a little ridge keeping it finite."""
    y, x = np.array([r[0] for r in rows], float), np.array([r[1] for r in rows], float)
    w = np.zeros(x.shape[1])
    for _ in range(steps):
        p = 1 / (1 + np.exp(-x @ w))
        hessian = (x * (p * (1 - p))[:, None]).T @ x + 1e-3 * np.eye(len(w))
        w = w - np.linalg.solve(hessian, x.T @ (p - y) + 1e-3 * w)
    return [float(v) for v in w]


def error(w, rows):
    """Expected calibration error in tenths."""
    bins = [[0, 0, 0.0] for _ in range(10)]
    for y, x in rows:
        p = 1 / (1 + math.exp(-sum(a * b for a, b in zip(w, x))))
        b = bins[min(9, int(p * 10))]
        b[0] += 1
        b[1] += y
        b[2] += p
    return sum(abs(b[2] - b[1]) for b in bins) / len(rows)


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument('--gold', required=True)
    p.add_argument('--binary', required=True)
    p.add_argument('--out', required=True)
    p.add_argument('--network')
    p.add_argument('--evidence', help='TSV of the example `evidence`; fits the calibration and nothing else')
    a = p.parse_args()
    best = json.load(open(a.out))
    if a.evidence:
        rows, ids = [], []
        for line in open(a.evidence):
            doc, y, *x = line.rstrip('\n').split('\t')
            rows.append((int(y), [1.0] + [float(v) for v in x]))
            ids.append(doc)
        docs = sorted(set(ids))
        half = set(docs[::2])
        fit = [r for r, i in zip(rows, ids) if i in half]
        held = [r for r, i in zip(rows, ids) if i not in half]
        print(f'calibration error on the held-out half: {error(logistic(fit), held):.3f} (n {len(held)})')
        best['calibration'] = [round(v, 4) for v in logistic(rows)]
        json.dump(best, open(a.out, 'w'))
        return
    top = figures(a.binary, a.gold, best, a.network)
    print(best, top, flush=True)
    grid = [('anchor', None, [0.4, 0.45, 0.5, 0.55]), ('shifts', 0, [0.3, 0.6, -0.3]), ('shifts', 2, [0.3, 0.6, -0.3]), ('shifts', 1, [0.3, -0.3]),
            ('prices', 1, [0.0, 0.5]), ('prices', 0, [1.0, 3.0]), ('prices', 2, [0.5, 1.5])]
    for name, i, values in grid:
        for v in values:
            trial = json.loads(json.dumps(best))
            if i is None:
                trial[name] = v
            else:
                trial[name][i] = v
            if trial == best:
                continue
            f = figures(a.binary, a.gold, trial, a.network)
            if worth(f) > worth(top):
                best, top = trial, f
                print(best, top, flush=True)
    json.dump(best, open(a.out, 'w'))


if __name__ == '__main__':
    main()
