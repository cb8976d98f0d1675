"""Weights of `crates/knowledge/data/en/voice.toml`: python voice.py EVIDENCE [--toml FILE] (see README.md)

EVIDENCE is what the example `voices` writes of `annotations/kinds.tsv`. A ridged logistic regression on the square roots of the rates: does
a report speak for its writer (comment, letters)? Prints how well it tells reports of a corpus that it has not learnt from, and of tenths left
out; with --toml, puts the weights into the file.
"""
import argparse
import collections
import re

import numpy as np

OWN = ('comment', 'letters')
SIGNS = ('questions', 'numbers', 'names', 'quoted', 'length', 'note')


def fit(x, y, ridge):
    """Weights on the rates as they are, and the bias; the ridge counts deviations from the mean in standard deviations."""
    mean, deviation = x.mean(0), x.std(0) + 1e-6
    z = np.c_[np.ones(len(x)), (x - mean) / deviation]
    w, penalty = np.zeros(z.shape[1]), np.eye(z.shape[1]) * ridge
    penalty[0, 0] = 1e-6
    for _ in range(50):
        p = 1 / (1 + np.exp(-z @ w))
        w -= np.linalg.solve(z.T @ (z * (p * (1 - p))[:, None]) + penalty, z.T @ (p - y) + penalty @ w)
    return w[1:] / deviation, w[0] - (w[1:] * mean / deviation).sum()


def tell(name, p, y, kinds):
    for threshold in (0.3, 0.5):
        found = p >= threshold
        right = (found & (y > 0)).sum()
        wrong = collections.Counter(k for k, f, own in zip(kinds.tolist(), found, y) if f and not own)
        print(f'{name}, from {threshold}: precision {right / max(1, found.sum()):.3f} recall {right / max(1, y.sum()):.3f} (n {len(y)}, own {int(y.sum())}); wrong: {dict(wrong)}')


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument('evidence')
    p.add_argument('--toml')
    p.add_argument('--ridge', type=float, default=1.0)
    a = p.parse_args()
    rows = [line.rstrip('\n').split('\t') for line in open(a.evidence, encoding='utf-8')]
    corpora, kinds = np.array([r[0] for r in rows]), np.array([r[1] for r in rows])
    y = np.isin(kinds, OWN).astype(float)
    x = np.sqrt(np.array([[float(v) for v in r[3:]] for r in rows]))
    likely = lambda at, w, b: 1 / (1 + np.exp(-(x[at] @ w + b)))
    guardian = corpora == 'news/guardian_sdf.jsonl'
    tell('learnt elsewhere, of the Guardian', likely(guardian, *fit(x[~guardian], y[~guardian], a.ridge)), y[guardian], kinds[guardian])
    fold, p = np.random.RandomState(0).randint(0, 10, len(y)), np.zeros(len(y))
    for k in range(10):
        p[fold == k] = likely(fold == k, *fit(x[fold != k], y[fold != k], a.ridge))
    tell('tenths, of the Guardian', p[guardian], y[guardian], kinds[guardian])
    tell('tenths, of others', p[~guardian], y[~guardian], kinds[~guardian])
    w, b = fit(x, y, a.ridge)
    if a.toml:
        file = open(a.toml, encoding='utf-8').read()
        file = re.sub(r'^bias = .*$', f'bias = {b:.4f}', file, flags=re.M)
        weights = iter(w)
        file = re.sub(r'^weight = .*$', lambda _: f'weight = {next(weights):.4f}', file, flags=re.M)
        for sign, weight in zip(SIGNS, weights):
            file = re.sub(rf'^{sign} = .*$', f'{sign} = {weight:.4f}', file, flags=re.M)
        open(a.toml, 'w', encoding='utf-8').write(file)


if __name__ == '__main__':
    main()
