"""Learns the weights of coreference from decisions that `coreference_decisions` wrote.

    python training/coreference.py --mentions WORK/mentions --links WORK/links --out models/english/coreference.tsv

Mentions: logistic regression. Links: a softmax over a mention's options, the sum of the right ones' probabilities made large
(Durrett and Klein 2013). Both with Adam over documents and an L2 penalty; features seen in few decisions are left out, as are weights near
zero. With `--held-out N`, one document in N is left out of training and the share of right decisions on it is printed.
"""

import argparse
from pathlib import Path

import numpy as np

SETTINGS = ["threshold", "reluctance", "reluctance he", "reluctance it", "reluctance i"]
GENRES = {"news", "interview", "bio", "speech"}


class Decisions:
    def __init__(self, folder, fewest):
        read = lambda name: np.fromfile(folder / name, dtype="<u4").astype(np.int64)
        self.features, self.sizes, self.right = read("features"), read("sizes"), read("right").astype(bool)
        self.options, self.document = read("options"), read("document")
        self.names = (folder / "names.txt").read_text().split("\n")[:-1]
        rows = [line.split("\t") for line in (folder / "documents.tsv").read_text().splitlines()]
        self.genre = {int(number): genre for number, _, genre in rows}
        self.option_start = np.concatenate([[0], np.cumsum(self.options)])
        self.feature_start = np.concatenate([[0], np.cumsum(self.sizes)])
        # In how many decisions each feature is seen.
        decision_of = np.repeat(np.repeat(np.arange(len(self.options)), self.options), self.sizes)
        pairs = np.unique(self.features * len(self.options) + decision_of) // len(self.options)
        self.kept = np.bincount(pairs, minlength=len(self.names)) >= fewest

    def batch(self, document):
        """The decisions of one document: features of kept names, the option of each, right options, the first option of each decision."""
        chosen = np.flatnonzero(self.document == document)
        first, last = chosen[0], chosen[-1] + 1
        o1, o2 = self.option_start[first], self.option_start[last]
        f1, f2 = self.feature_start[o1], self.feature_start[o2]
        features = self.features[f1:f2]
        option = np.repeat(np.arange(o2 - o1), self.sizes[o1:o2])
        keep = self.kept[features]
        return features[keep], option[keep], self.right[o1:o2], self.option_start[first:last] - o1


def softmax_gradient(scores, right, starts):
    """The loss, its gradient by each option's score, and how many decisions are right."""
    sizes = np.diff(np.append(starts, len(scores)))
    top = np.repeat(np.maximum.reduceat(scores, starts), sizes)
    exp = np.exp(scores - top)
    good = exp * right
    total, rightly = np.add.reduceat(exp, starts), np.add.reduceat(good, starts)
    p = exp / np.repeat(total, sizes)
    q = good / np.repeat(np.maximum(rightly, 1e-30), sizes)
    best = scores >= top - 1e-9
    return -np.log(np.maximum(rightly / total, 1e-30)).sum(), p - q, np.maximum.reduceat(best & right, starts).sum()


def logistic_gradient(scores, right, starts):
    p = 1 / (1 + np.exp(-scores))
    loss = -np.log(np.where(right, p, 1 - p) + 1e-12).sum()
    return loss, p - right, ((scores > 0) == right).sum()


def learn(decisions, gradient, epochs, rate, penalty, held_out, weight_of):
    rng = np.random.default_rng(7)
    documents = np.unique(decisions.document)
    held = {d for i, d in enumerate(documents) if held_out and i % held_out == 0}
    batches = {d: decisions.batch(d) for d in documents}
    train = [d for d in documents if d not in held]
    w = np.zeros(len(decisions.names))
    mean, square, step = np.zeros_like(w), np.zeros_like(w), 0
    total = sum(len(batches[d][3]) for d in train)
    for epoch in range(epochs):
        loss = 0.0
        for d in rng.permutation(train):
            features, option, right, starts = batches[d]
            scores = np.bincount(option, weights=w[features], minlength=len(right))
            part, g, _ = gradient(scores, right, starts)
            loss += part
            grad = np.bincount(features, weights=g[option], minlength=len(w)) * weight_of(decisions.genre[d])
            grad += penalty * w * len(starts) / total
            step += 1
            mean += 0.1 * (grad - mean)
            square += 0.01 * (grad * grad - square)
            now = rate * (1 - epoch / epochs)
            w -= now * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.99**step)) + 1e-3)
        shown = ""
        if held:
            right_count, n, held_loss = 0, 0, 0.0
            for d in held:
                if decisions.genre[d] in GENRES:
                    features, option, right, starts = batches[d]
                    scores = np.bincount(option, weights=w[features], minlength=len(right))
                    part, _, good = gradient(scores, right, starts)
                    right_count, n, held_loss = right_count + good, n + len(starts), held_loss + part
            shown = f"held out: loss {held_loss / n:.4f}, right {right_count / n:.4f} of {n}"
        print(f"epoch {epoch + 1}: loss {loss / total:.4f} {shown}", flush=True)
    return w


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--mentions", type=Path, required=True)
    parser.add_argument("--links", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--held-out", type=int, default=0)
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--rate", type=float, default=0.02)
    parser.add_argument("--penalty", type=float, nargs=2, default=[3.0, 8.0], help="of mentions, of links")
    parser.add_argument("--settings", type=float, nargs=5, default=[0.0, 0.0, 0.0, 0.0, 0.0], help=", ".join(SETTINGS))
    given = parser.parse_args()
    weights = {}
    weight_of = lambda genre: 2.0 if genre in GENRES else 1.0
    for folder, gradient, fewest, penalty in ((given.mentions, logistic_gradient, 3, given.penalty[0]), (given.links, softmax_gradient, 8, given.penalty[1])):
        if folder:
            decisions = Decisions(folder, fewest)
            print(folder, len(decisions.options), "decisions", len(decisions.right), "options", decisions.kept.sum(), "features")
            w = learn(decisions, gradient, given.epochs, given.rate, penalty, given.held_out, weight_of)
            weights.update({decisions.names[i]: w[i] for i in np.flatnonzero(np.abs(w) >= 0.15)})
    with given.out.open("w") as out:
        out.write("# Weights of coreference (crates/reading/src/coreference), learnt by training/coreference.py on the training documents of\n")
        out.write("# UD_English-GUM (Georgetown University Multilayer corpus), without its non-commercial genres `whow` and `fiction`.\n")
        for name, value in zip(SETTINGS, given.settings):
            out.write(f"{name}\t{value:g}\n")
        for name in sorted(weights):
            out.write(f"{name}\t{weights[name]:.2f}\n")


main()
