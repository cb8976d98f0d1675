"""Names, learnt anew on the first reader's network: python names.py prepare|train|export ... (see README.md)

The encoder stays as it is; a linear map and a small perceptron over tokens of two of its layers, together with a part of the first reader's
linear map, take the place of that. They learn from English
EWT's training sentences as annotated for this project (`annotations/names.tsv`: a sentence's number in the treebank, from 0; a kind; a
name's words), from GUM, CrossNER and ECB+ as the first reader did, and from what that reader told of PolNeAR's training articles, so
that it keeps what it knew of news. A kind of its own, OTH, is for products, works and other names that are of no kind the program
tells: without it they are taken for organisations.
"""
import argparse
import json
import os
import pickle
import random

import numpy as np
import onnx
import torch
import torch.nn.functional as F
from onnx import numpy_helper
from torch import nn

import restore
from export import Graph, save
from model import LAYERS as ALL
from model import WIDTH, Encoder
from prepare import NAMES, conllu, ecb, jsonl, layouts, named, treebank, windows_of

TAGS = NAMES + ['B-OTH', 'I-OTH']
INNER = 96
LAYERS = (3, 5)          # whose outputs are read, the last among them
OLD = 0.5                # weight of the first reader's map beside the perceptron; for it, other names are a little less likely than no name
NOTHING = 1.0            # added to the logits of no name and of other names: set on the development sets, for as much precision as recall
# What a label allows. Nobody but EWT's annotators tells other names, and they do not tell events from them.
OTHERS = {'O': ('O', 'B-OTH', 'I-OTH')}
MARKED = {'B-OTH': ('B-OTH', 'B-EVENT'), 'I-OTH': ('I-OTH', 'I-EVENT')}
REPEAT = {'ewt': 2, 'gum': 1, 'crossner': 10, 'ecb': 1, 'news': 1}


def ewt(path, marked, root):
    """Windows of EWT's training part with the names of `annotations/names.tsv`."""
    given = {}
    for line in open(marked, encoding='utf-8'):
        if not line.startswith('#'):
            number, kind, words = line.rstrip('\n').split('\t')
            given.setdefault(int(number), []).append((kind, words))
    docs, out, number = conllu(path), [], 0
    sentences = [[[(w[0], w[1]) for w in s] for s in d[2]] for d in docs]
    for d, layout in zip(docs, layouts([{'id': d[0], 'sentences': s} for d, s in zip(docs, sentences)], root)):
        names = []
        for s in d[2]:
            text, spans = '', []
            for w in s:
                spans.append((len(text), len(text) + len(w[0])))
                text += w[0] + ' ' * w[1]
            own, end = ['O'] * len(s), {}
            for kind, words in given.get(number, []):
                start = text.find(words, end.get(words, 0))
                if start < 0:
                    continue
                end[words] = start + len(words)
                within = [i for i, (a, b) in enumerate(spans) if a < end[words] and b > start]
                for n, i in enumerate(within):
                    own[i] = ('I-' if n else 'B-') + kind
            names += own
            number += 1
        out += [w for _, w in windows_of(layout, {'names': names})]
    return out


def news(path, root):
    """Windows of articles whose names nobody has annotated."""
    records = jsonl(path)
    return [w for layout in layouts([{'id': r['id'], 'text': r['text']} for r in records], root) for _, w in windows_of(layout, {})]


@torch.no_grad()
def read(encoder, windows):
    """[the tokens of a window, T x WIDTH, …]: the mean of each token's first and last piece."""
    out = []
    for w in windows:
        ids = torch.tensor([w['ids']])
        seen = []
        hooks = [encoder.layers[n].register_forward_hook(lambda _, __, y: seen.append(y[0])) for n in LAYERS]
        encoder(ids, torch.tensor([w['features']]), torch.ones_like(ids, dtype=torch.bool))
        for hook in hooks:
            hook.remove()
        h = torch.cat(seen, -1)
        out.append(((h[w['first']] + h[w['last']]) * 0.5).half())
    return out


def old_head(network):
    """The first reader's linear map, weight [9, WIDTH] and bias, from the joint map of a network that still has it."""
    graph = onnx.load(network).graph
    weights = {w.name: numpy_helper.to_array(w) for w in graph.initializer}
    split = next(n for n in graph.node if n.name == 'cut')
    if 'names' not in split.output:
        raise SystemExit(f'{network} has its names from here already')
    add = next(n for n in graph.node if split.input[0] in n.output)
    mul = next(n for n in graph.node if add.input[0] in n.output)
    cast = next(n for n in graph.node if mul.input[0] in n.output)
    product = next(n for n in graph.node if cast.input[0] in n.output)
    scales = next(n for n in graph.node if mul.input[1] in n.output)
    q, scale, bias = weights[product.input[1]], weights[scales.input[1]], weights[add.input[1]]
    at = sum(weights[split.input[1]][:list(split.output).index('names')])
    part = slice(int(at), int(at) + len(NAMES))
    return torch.tensor((q.astype(np.float32) * scale).T[part]), torch.tensor(bias[part])


class Names(nn.Module):
    def __init__(self):
        super().__init__()
        self.inner, self.out, self.dropout = nn.Linear(WIDTH * len(LAYERS), INNER), nn.Linear(INNER, len(TAGS)), nn.Dropout(0.2)
        self.straight = nn.Linear(WIDTH * len(LAYERS), len(TAGS))

    def forward(self, x):
        return self.straight(x) + self.out(self.dropout(F.gelu(self.inner(self.dropout(x)))))


def prepare(a):
    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    bench = lambda f: os.path.join(a.bench, f)
    weight, bias = old_head(a.network)
    entities = {r['id']: r['entities'] for r in jsonl(bench('ner/gum_silver.train.jsonl'))}
    nothing = {'lemmas': None, 'deprels': None, 'forms': None}
    parts = {'ewt': ewt(bench('parse/en_ewt-ud-train.conllu'), os.path.join(root, 'training/annotations/names.tsv'), root),
             'gum': treebank(bench('parse/en_gum-ud-train.conllu'), root, nothing, False, entities),
             'crossner': named(jsonl(bench('ner/crossner_politics.train.jsonl')), root),
             'ecb': ecb(bench('stories/ecbplus.train.jsonl'), root),
             'news': news(bench('attribution/polnear.train.jsonl'), root)[::3],
             'dev uner': named(jsonl(bench('ner/uner_ewt.dev.jsonl')), root, 1),
             'dev crossner': named(jsonl(bench('ner/crossner_politics.dev.jsonl')), root, 1)}
    encoder = Encoder(0.0)
    restore.encoder(a.network, encoder)
    encoder.eval()
    data = {}
    for part, windows in parts.items():
        print(part, len(windows), flush=True)
        own = lambda w, x: x[w['own'][0]:w['own'][1]]
        tokens = read(encoder, windows)
        data[part] = [(own(w, t), own(w, w['names']) if 'names' in w else F.log_softmax(own(w, t)[:, -WIDTH:].float() @ weight.T + bias, -1))
                      for w, t in zip(windows, tokens)]
    pickle.dump(data, open(os.path.join(a.work, 'names.pkl'), 'wb'))


def allowed(label, corpus):
    """Which tags a label allows, as a row of 0 and 1; none for what is not labelled."""
    row = torch.zeros(len(TAGS))
    if label is not None:
        for tag in (MARKED if corpus == 'ewt' else OTHERS).get(label, (label,)):
            row[TAGS.index(tag)] = 1
    return row


def spans(scores):
    """[(start, end, kind)] of the best sequence of tags in which every I- continues its like; other names are none."""
    count, total, back = len(TAGS), scores[0].clone(), []
    ok = torch.tensor([[not k.startswith('I-') or b[2:] == k[2:] for k in TAGS] for b in TAGS])
    total[[k.startswith('I-') for k in TAGS]] = -1e9
    for row in scores[1:]:
        way = (total[:, None] + torch.where(ok, 0.0, -1e9)).max(0)
        back.append(way.indices)
        total = way.values + row
    path = [int(total.argmax())]
    for b in reversed(back):
        path.append(int(b[path[-1]]))
    return runs([TAGS[k] for k in reversed(path)])


def runs(tags):
    out, tags = [], list(tags) + ['O']
    start = None
    for i, tag in enumerate(tags):
        tag = tag or 'O'
        if start is not None and not tag.startswith('I-'):
            if tags[start][2:] != 'OTH':
                out.append((start, i, tags[start][2:]))
            start = None
        if tag.startswith('B-'):
            start = i
    return out


@torch.no_grad()
def score(model, windows, kinds):
    """Exact span F1 over windows, of the given kinds."""
    model.eval()
    right = guessed = gold = 0
    for x, labels in windows:
        found = {s for s in spans(model(x.float())) if s[2] in kinds}
        true = {s for s in runs(labels) if s[2] in kinds}
        right, guessed, gold = right + len(found & true), guessed + len(found), gold + len(true)
    model.train()
    return round(200 * right / max(1, guessed + gold), 1), round(100 * right / max(1, guessed), 1), round(100 * right / max(1, gold), 1)


def train(a):
    torch.manual_seed(a.seed)
    random.seed(a.seed)
    torch.set_num_threads(a.threads)
    data = pickle.load(open(os.path.join(a.work, 'names.pkl'), 'rb'))
    windows = []
    for part in REPEAT:
        for x, y in data[part]:
            windows.append((part, x, y if part == 'news' else torch.stack([allowed(label, part) for label in y])))
    model = Names()
    total = a.epochs * sum(REPEAT[p] for p, _, _ in windows) // a.batch
    optimizer = torch.optim.AdamW(model.parameters(), lr=a.lr, weight_decay=0.01)
    rate = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda s: max(0.0, 1 - s / total))
    fold = torch.zeros(len(TAGS), len(NAMES))
    for k, tag in enumerate(TAGS):
        fold[k, NAMES.index(tag) if tag in NAMES else 0] = 1
    for epoch in range(a.epochs):
        order = [w for w in windows for _ in range(REPEAT[w[0]])]
        random.shuffle(order)
        for lo in range(0, len(order) - a.batch + 1, a.batch):
            batch = order[lo:lo + a.batch]
            labelled, told = [w for w in batch if w[0] != 'news'], [w for w in batch if w[0] == 'news']
            loss = 0.0
            if labelled:
                x, y = torch.cat([w[1] for w in labelled]).float(), torch.cat([w[2] for w in labelled])
                keep = y.sum(1) > 0
                p = F.log_softmax(model(x[keep]), -1)
                loss = loss - torch.logsumexp(p.masked_fill(y[keep] == 0, -1e9), -1).mean()
            if told:
                x, y = torch.cat([w[1] for w in told]).float(), torch.cat([w[2] for w in told])
                p = torch.log(F.softmax(model(x), -1) @ fold + 1e-8)
                loss = loss - a.news * (y.exp() * p).sum(-1).mean()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            rate.step()
        print(epoch, 'UNER', score(model, data['dev uner'], {'PER', 'ORG', 'LOC'}),
              'CrossNER', score(model, data['dev crossner'], {'PER', 'ORG', 'LOC', 'EVENT'}), flush=True)
    torch.save(model.state_dict(), os.path.join(a.work, 'names.pt'))


def two_layers(g, nodes):
    """Adds to `g` the tokens of LAYERS side by side, T x 2 WIDTH, of a network of these nodes, which has those of the last layer."""
    # The first normalisation is the embedding's; a layer has two, the second of which gives its output.
    norms = [n.output[0] for n in nodes if n.op_type == 'LayerNormalization']
    ends = lambda layer: g.op('Mul', g.op('Add', g.op('Gather', norms[2 * layer + 2], 'first'), g.op('Gather', norms[2 * layer + 2], 'last')),
                              g.const(np.float32(0.5)))
    return g.op('Concat', *(ends(layer) if layer + 1 < ALL else 'tokens' for layer in LAYERS), axis=1)


def export(a):
    """Puts the perceptron in the place of the linear map of names, in `--out`."""
    p = {k: v.numpy() for k, v in torch.load(os.path.join(a.work, 'names.pt')).items()}
    network = os.path.join(a.out, 'model.onnx')
    model = onnx.load(network)
    graph = model.graph
    for node in graph.node:
        if node.name == 'cut' and 'names' in node.output:
            node.output[list(node.output).index('names')] = 'names_before'
    kept = [n for n in graph.node if not n.name.startswith('names_')]
    weights = [w for w in graph.initializer if not w.name.startswith('names_')]
    g = Graph(False, 'names_')
    seen = two_layers(g, kept)
    weight, bias = (np.concatenate([v.numpy(), v.numpy()[:1], v.numpy()[:1]]) for v in old_head(a.network))
    other = np.array([tag.endswith('OTH') for tag in TAGS], np.float32)
    bias = p['straight.bias'] + p['out.bias'] + OLD * (bias - other) + NOTHING * (other + np.array([tag == 'O' for tag in TAGS], np.float32))
    straight = p['straight.weight'].copy()
    straight[:, -WIDTH:] += OLD * weight
    mean = 1 / (1 + OLD)
    inner = g.gelu(g.linear(seen, p['inner.weight'], p['inner.bias'], False))
    g.op('Add', g.linear(seen, straight * mean, bias * mean, False), g.linear(inner, p['out.weight'] * mean, None, False), name='names')
    del graph.node[:], graph.initializer[:]
    graph.node.extend(kept + g.nodes)
    graph.initializer.extend(weights + g.weights)
    onnx.checker.check_model(model)
    save(model, a.out)
    labels = json.load(open(os.path.join(a.out, 'labels.json')))
    labels['names'] = TAGS
    json.dump(labels, open(os.path.join(a.out, 'labels.json'), 'w'), ensure_ascii=False, indent=0)


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument('step', choices=('prepare', 'train', 'export'))
    p.add_argument('--work', required=True)
    p.add_argument('--bench')
    p.add_argument('--network', help='model.onnx whose names are the first reader\'s (prepare, export)')
    p.add_argument('--out', help='folder of the network that is changed')
    p.add_argument('--epochs', type=int, default=5)
    p.add_argument('--batch', type=int, default=32, help='windows')
    p.add_argument('--lr', type=float, default=1e-3)
    p.add_argument('--news', type=float, default=1.0, help='weight of what the first reader told of news')
    p.add_argument('--seed', type=int, default=7)
    p.add_argument('--threads', type=int, default=2)
    a = p.parse_args()
    if a.step != 'train' and not a.network:
        p.error(f'{a.step} needs --network')
    {'prepare': prepare, 'train': train, 'export': export}[a.step](a)


if __name__ == '__main__':
    main()
