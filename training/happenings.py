"""Learns the weights by which mentions of events are told to be one across reports (crates/identity/src/happenings.rs).

    cargo run -p annalist-evaluate --example happening_pairs -- ecbplus.train.jsonl > pairs.tsv
    python training/happenings.py pairs.tsv > models/english/happenings.tsv

A line of pairs.tsv is a pair of mentions of one story: topic, story, the numbers of the two mentions in it, 1 if they are of one event, the roots of
the words that tell each, then the evidence in the order of the first line. Pairs of roots that tell one event are weighed by their log-odds
against all pairs; for the logistic regression these come from the other fifths of the topics, so that it learns how far they carry. The
threshold is the one with the best B-cubed F1, mentions put together by average linkage.
"""

import collections
import math
import sys

import numpy as np

FOLDS = 5
RARE = 2  # a pair of roots that told one event in fewer stories is left out


def associations(rows):
    """Log-odds of pairs of roots, over pairs of chains rather than of mentions: long chains do not count more."""
    same, apart, stories = collections.Counter(), collections.Counter(), collections.defaultdict(set)
    for topic, story, a, b, one, x, y, _ in rows:
        if set(x) & set(y):
            continue
        for pair in {tuple(sorted((p, q))) for p in x for q in y}:
            (same if one else apart)[pair] += 1
            if one:
                stories[pair].add(story)
    share = sum(same.values()) / max(1, sum(same.values()) + sum(apart.values()))
    known = {}
    for pair, n in same.items():
        odds = math.log((n + 4 * share) / (apart[pair] + 4 * (1 - share))) - math.log(share / (1 - share))
        known[pair] = odds, len(stories[pair])
    return known


def association(known, x, y):
    if set(x) & set(y):
        return 0.0
    found = [known[pair][0] for pair in {tuple(sorted((p, q))) for p in x for q in y} if pair in known]
    return max(found, default=0.0)


def fit(x, y, penalty=1.0):
    w = np.zeros(x.shape[1])
    for _ in range(30):
        p = 1 / (1 + np.exp(-x @ w))
        step = np.linalg.solve((x * (p * (1 - p))[:, None]).T @ x + penalty * np.eye(len(w)), x.T @ (p - y) + penalty * w)
        w -= step
    return w


def linked(like, least):
    n = len(like)
    like = like.copy()
    np.fill_diagonal(like, -1)
    size, group = np.ones(n), list(range(n))
    while n > 1:
        i, j = sorted(divmod(int(like.argmax()), n))
        if like[i, j] < least:
            break
        like[i] = (size[i] * like[i] + size[j] * like[j]) / (size[i] + size[j])
        like[:, i] = like[i]
        like[i, i] = -1
        like[j] = like[:, j] = -1
        size[i] += size[j]
        group = [i if g == j else g for g in group]
    return group


def b_cubed(golds, founds):
    g, f, both = collections.Counter(golds), collections.Counter(founds), collections.Counter(zip(golds, founds))
    n = len(golds)
    p = sum(both[a, b] / f[b] for a, b in zip(golds, founds)) / n
    r = sum(both[a, b] / g[a] for a, b in zip(golds, founds)) / n
    return 2 * p * r / (p + r)


def main():
    lines = [line.rstrip("\n").split("\t") for line in open(sys.argv[1], encoding="utf-8")]
    names = lines[0][7:]
    rows = [(t, s, int(a), int(b), o == "1", x.split(), y.split(), [float(v) for v in e]) for t, s, a, b, o, x, y, *e in lines[1:]]
    topics = sorted({row[0] for row in rows}, key=int)
    fold = {topic: i % FOLDS for i, topic in enumerate(topics)}
    known = [associations([row for row in rows if fold[row[0]] != k]) for k in range(FOLDS)]
    x = np.array([row[7] + [association(known[fold[row[0]]], row[5], row[6])] for row in rows])
    y = np.array([row[4] for row in rows], float)
    w = fit(x, y)
    likely = 1 / (1 + np.exp(-x @ w))
    # Chains follow from the pairs: mentions of one story that are one.
    stories = collections.defaultdict(list)
    for row, p in zip(rows, likely):
        stories[row[1]].append((row[2], row[3], row[4], p))
    best = None
    for least in np.arange(0.15, 0.6, 0.05):
        golds, founds = [], []
        for story, pairs in stories.items():
            n = 1 + max(max(a, b) for a, b, *_ in pairs)
            like, one = np.zeros((n, n)), np.zeros((n, n))
            for a, b, same, p in pairs:
                like[a, b] = like[b, a] = p
                one[a, b] = one[b, a] = same
            gold = list(range(n))
            for i in range(n):
                gold[i] = next((gold[j] for j in range(i) if one[i, j]), i)
            golds += [(story, g) for g in gold]
            founds += [(story, g) for g in linked(like, least)]
        score = b_cubed(golds, founds)
        print(f"{least:.2f} {score:.4f}", file=sys.stderr)
        if best is None or score > best[0]:
            best = score, least
    print("# Weights of what speaks for two mentions of events being one across reports (crates/identity/src/happenings.rs), learnt by")
    print(f"# training/happenings.py on {len(topics)} topics of the training part of ECB+ (Cybulska and Vossen 2014, CC BY 3.0). `pair`: roots that told one event.")
    print(f"threshold\t{best[1]:.2f}")
    for name, weight in zip(names + ["associated"], w):
        print(f"{name}\t{weight:.3f}")
    for (one, other), (odds, n) in sorted(associations(rows).items()):
        if n >= RARE and abs(odds) >= 0.5:
            print(f"pair {one} {other}\t{odds:.2f}")


main()
