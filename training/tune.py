"""Step 5. Sets how scores become attributions, on development data: python tune.py --gold DEV.jsonl --binary annalist --out decoding.json

Coordinate search over thresholds, prices and shifts for the triple F1 plus a tenth of each token F1; then logistic regression for
confidence, fitted on half of the articles, its error reported on the other half, and fitted again on all.
"""
import argparse
import json
import math
import os
import re
import subprocess
import tempfile


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
    return f['triple'] + 0.1 * (f['content'] + f['source'] + f['cue']) + 0.1 * f['direct']


def logistic(rows, steps=4000, rate=0.05):
    w = [0.0] * 5
    for _ in range(steps):
        g = [0.0] * 5
        for y, x in rows:
            p = 1 / (1 + math.exp(-sum(a * b for a, b in zip(w, x))))
            for k in range(5):
                g[k] += (p - y) * x[k]
        w = [a - rate * b / len(rows) for a, b in zip(w, g)]
    return w


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
    grid = [('anchor', None, [0.3, 0.4, 0.5, 0.6]), ('prices', 0, [0.5, 1.0, 2.0, 4.0]), ('prices', 1, [0.0, 0.5, 1.0, 2.0]),
            ('prices', 2, [0.0, 0.5, 1.0, 2.0]), ('shifts', 0, [-0.7, 0.0, 0.7]), ('shifts', 1, [0.0, 0.5, 1.0]), ('shifts', 2, [-0.5, 0.0, 0.5])]
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
