"""Learns the weights of commitments (crates/reading/src/commitments.rs).

    cargo run -p annalist-evaluate --example commitments -- desk.train.jsonl --evidence > train.tsv
    cargo run -p annalist-evaluate --example commitments -- desk.dev.jsonl --evidence > held_out.tsv
    python training/commitments.py train.tsv [more.tsv ...] --held-out held_out.tsv > models/english/commitments.tsv

Logistic regression with an L2 penalty over the features the program writes; a candidate is a commitment when its words and a gold one's have
a token Jaccard of .3 or more. Penalty, rarest feature and threshold are those with the best F1 in a cross-validation by report over the
training files. What the model itself thinks of the words (the features `pledge` and `told`) is left out, since the model was trained on the
same reports; `--pledge` says what each fifth of its likelihood adds, as fitted on commitments that were judged in reports it had not seen
(crates/evaluate/judged/commitments.tsv). `--threshold` sets another threshold, for precision. The kind of a commitment is told by a second regression, over the candidates that are commitments; its weights are named
`kind: feature`. The held-out file is only measured.

Windows without commitments may be thinned out: `--empty SHARE` says which share of them is in the training files.
"""

import argparse
import hashlib
import sys

import numpy as np

FOLDS = 8
KINDS = ["promise", "plan", "threat", "offer", "guarantee"]
# What tells the kind: words that bind, what is done, who speaks, how.
OF_KINDS = ("bias", "form ", "cue ", "kind ", "rule ", "event ", "quad ", "hostile", "act ", "self ", "by ", "not ", "if ", "deed ", "quoted ", "who ")


class Row:
    def __init__(self, fields):
        self.window, self.start, self.end = fields[0], int(fields[1]), int(fields[2])
        self.right, self.gold, self.kind = float(fields[3]) >= 0.3, int(fields[4]), fields[5]
        self.pledge = sum(int(f.split()[1]) for f in fields[6:] if f.startswith("pledge ") and f.split()[1].isdigit())
        self.features = sorted({f for f in fields[6:] if not f.startswith(("pledge ", "told "))})


def load(paths):
    """Candidates and numbers of gold commitments, by window; a window counts once."""
    rows, golds = [], {}
    for path in paths:
        own = {}
        for line in open(path, encoding="utf-8"):
            fields = line.rstrip("\n").split("\t")
            if fields[1] != "gold":
                own.setdefault(fields[0], []).append(Row(fields))
            elif fields[0] not in golds:
                golds[fields[0]] = int(fields[2])
                rows += own.get(fields[0], [])
    return rows, golds


def fold(window):
    """Windows of one report stay in one fold."""
    return int(hashlib.sha256(window.split("@")[0].split("+")[0].encode()).hexdigest(), 16) % FOLDS


def vocabulary(rows, least, prefixes=("",)):
    counts = {}
    for row in rows:
        for f in row.features:
            counts[f] = counts.get(f, 0) + 1
    return sorted(f for f, n in counts.items() if n >= least and f.startswith(tuple(prefixes)))


def cells(rows, names):
    index = {name: i for i, name in enumerate(names)}
    at = [(r, index[f]) for r, row in enumerate(rows) for f in row.features if f in index]
    return np.array([a for a, _ in at], int), np.array([b for _, b in at], int)


def fit(rows, names, penalty, y, weights, steps=300):
    """Gradient steps with momentum on a sparse matrix in coordinate form; one column of `y` is one logistic regression, more are a softmax."""
    r, c = cells(rows, names)
    k = y.shape[1]
    w = np.zeros((len(names), k))
    m, v = np.zeros_like(w), np.zeros_like(w)
    free = np.array([0.0 if name == "bias" else 1.0 for name in names])[:, None]
    for step in range(1, steps + 1):
        z = np.stack([np.bincount(r, w[c, j], len(rows)) for j in range(k)], 1)
        if k == 1:
            p = 1 / (1 + np.exp(-z))
        else:
            p = np.exp(z - z.max(1, keepdims=True))
            p /= p.sum(1, keepdims=True)
        error = (p - y) * weights[:, None]
        gradient = np.stack([np.bincount(c, error[r, j], len(names)) for j in range(k)], 1) + penalty * w * free
        m = 0.9 * m + 0.1 * gradient
        v = 0.999 * v + 0.001 * gradient**2
        w -= 0.05 * (m / (1 - 0.9**step)) / (np.sqrt(v / (1 - 0.999**step)) + 1e-8) * (1 if step < steps * 2 / 3 else 0.2)
    return w


def sums(rows, names, w):
    r, c = cells(rows, names)
    return np.stack([np.bincount(r, w[c, j], len(rows)) for j in range(w.shape[1])], 1)


def likelihoods(rows, names, w):
    return 1 / (1 + np.exp(-sums(rows, names, w)[:, 0]))


def chosen(rows, p, threshold):
    """As the program chooses among candidates that overlap."""
    by_window = {}
    for row, q in zip(rows, p):
        if q >= threshold:
            by_window.setdefault(row.window, []).append((q, row))
    for found in by_window.values():
        kept = []
        for _, row in sorted(found, key=lambda x: -x[0]):
            if not any(row.start < k.end and k.start < row.end for k in kept):
                kept.append(row)
        yield kept


def judge(rows, p, golds, threshold, empty=1.0):
    right = predicted = 0
    for kept in chosen(rows, p, threshold):
        used = {row.gold for row in kept if row.right}
        right += len(used)
        predicted += len(kept) if golds[kept[0].window] else len(kept) / empty
    return right, predicted, sum(golds.values())


def f1(counts):
    right, predicted, gold = counts
    return 2 * right / (predicted + gold) if predicted + gold else 0


def main():
    a = argparse.ArgumentParser(description=__doc__)
    a.add_argument("train", nargs="+")
    a.add_argument("--held-out")
    a.add_argument("--empty", type=float, default=1.0)
    a.add_argument("--threshold", type=float)
    a.add_argument("--penalty", type=float, nargs="+", default=[2.0, 4.0])
    a.add_argument("--pledge", type=float, default=0.0)
    a = a.parse_args()
    say = lambda *words: print(*words, file=sys.stderr)
    rows, golds = load(a.train)
    weights = np.array([1.0 if golds[row.window] else 1 / a.empty for row in rows])
    right = np.array([[float(row.right)] for row in rows])
    reachable = len({(row.window, row.gold) for row in rows if row.right})
    say(f"windows {len(golds)}, candidates {len(rows)}, gold {sum(golds.values())}, reachable {reachable}")
    folds = np.array([fold(row.window) for row in rows])
    part = lambda keep: [row for row, k in zip(rows, keep) if k]
    best = None
    for least in (2, 4):
        for penalty in a.penalty:
            p = np.zeros(len(rows))
            for k in range(FOLDS):
                train = part(folds != k)
                names = vocabulary(train, least)
                w = fit(train, names, penalty, right[folds != k], weights[folds != k])
                p[folds == k] = likelihoods(part(folds == k), names, w)
            for threshold in np.arange(0.1, 0.6, 0.02):
                counts = judge(rows, p, golds, threshold, a.empty)
                if best is None or f1(counts) > best[0]:
                    best = (f1(counts), least, penalty, threshold, counts)
            say(least, penalty, best)
    _, least, penalty, threshold, _ = best
    threshold = a.threshold or threshold
    names = vocabulary(rows, least)
    w = fit(rows, names, penalty, right, weights)
    # Kinds.
    bound = [i for i, row in enumerate(rows) if row.right and row.kind in KINDS]
    kinds = np.array([[float(rows[i].kind == kind) for kind in KINDS] for i in bound])
    kept, at = [rows[i] for i in bound], folds[bound]
    best_kind = None
    for of in (1.0, 2.0, 4.0):
        hits = 0
        for k in range(FOLDS):
            train = [row for row, f in zip(kept, at) if f != k]
            held = [row for row, f in zip(kept, at) if f == k]
            own = vocabulary(train, 3, OF_KINDS)
            told = sums(held, own, fit(train, own, of, kinds[at != k], np.ones(len(train)))).argmax(1)
            hits += sum(KINDS[j] == row.kind for j, row in zip(told, held))
        if best_kind is None or hits > best_kind[0]:
            best_kind = (hits, of)
    rule = sum(f"rule {row.kind.capitalize()}" in row.features for row in kept)
    say(f"kinds {best_kind[0]} of {len(kept)} (by rule {rule}), penalty {best_kind[1]}")
    kind_names = vocabulary(kept, 3, OF_KINDS)
    kind_weights = fit(kept, kind_names, best_kind[1], kinds, np.ones(len(kept)))
    if a.held_out:
        held, held_golds = load([a.held_out])
        p = 1 / (1 + np.exp(-sums(held, names, w)[:, 0] - np.array([a.pledge * row.pledge for row in held])))
        counts = judge(held, p, held_golds, threshold)
        found = [row for one in chosen(held, p, threshold) for row in one if row.right]
        told = sums(found, kind_names, kind_weights).argmax(1)
        hits = sum(KINDS[j] == row.kind for j, row in zip(told, found))
        reach = len({(row.window, row.gold) for row in held if row.right})
        say(f"held out: F1 {f1(counts):.3f} {counts}, reachable {reach}; kinds {hits} of {len(found)}")
    print("# Weights of commitments (crates/reading/src/commitments.rs), learnt by training/commitments.py; those of kinds are named `kind: feature`.")
    print(f"threshold\t{threshold:.3f}")
    for fifths in range(1, 6) if a.pledge else []:
        print(f"pledge {fifths}\t{a.pledge * fifths:.2f}")
    for name, weight in zip(names, w[:, 0]):
        if abs(weight) >= 0.02:
            print(f"{name}\t{weight:.2f}")
    for j, kind in enumerate(KINDS):
        for name, weight in zip(kind_names, kind_weights[:, j]):
            if abs(weight) >= 0.05:
                print(f"{kind}: {name}\t{weight:.2f}")


main()
