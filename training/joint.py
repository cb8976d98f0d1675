"""One encoder for all: python joint.py prepare|train|export ... (see README.md)

The first reader, its names (`names.py`) and the event reader, which has two layers of its own, are put into one encoder of six layers. It goes on
learning all they learnt at once, and besides what they told: on every window the event reader's tokens, and on windows of events those of the first
reader. What was told weighs less and less (teacher annealing, as in BAM!, Clark et al. 2019; tokens are regressed on as in FitNets, Romero et al.
2015) and nothing after three quarters of the steps. Names are learnt from what is annotated, and in PolNeAR from what the first reader's names told.
"""
import argparse
import importlib
import json
import os
import pickle
import pkgutil
import random
import time
import unicodedata

import numpy as np
import onnx
import torch
import torch.nn.functional as F
from torch import nn

import events
import names
import restore
import train
from export import Graph, build, calibration, save
from model import LAYERS, WIDTH, Dropout, Reader, ends, learn

ADAPTER = 256            # units between the encoder's tokens and the event reader's
LOWER = names.LAYERS[0]  # the layer whose tokens are read beside the last one's; the event reader's own layers began behind it
assert events.SHARED == LOWER + 1
# How often an epoch sees a corpus; of events, what `--events` says, and a window of `--more` (events.py) so much of one of `--train`.
REPEAT = {'attribution': 0.5, 'ewt': 2, 'gum': 2, 'crossner': 4, 'ecb': 0.5}
MORE = 0.7
# Words in names of persons that stay when the persons get other names.
TITLES = 'mr mrs ms miss dr sir lord lady president king queen pope saint the of van von de bin al'.split()
READ = ('upos', 'lemmas', 'deprels')   # labels of the first reader; names are not its own


class Adapter(nn.Module):
    """The event reader's tokens [..., WIDTH] of the encoder's: of a lower layer, and of the last."""

    def __init__(self):
        super().__init__()
        self.straight, self.inner, self.out = nn.Linear(2 * WIDTH, WIDTH), nn.Linear(2 * WIDTH, ADAPTER), nn.Linear(ADAPTER, WIDTH)
        self.dropout = Dropout(0.1)

    def forward(self, lower, last):
        x = torch.cat([lower, last], -1)
        return last + self.straight(x) + self.out(self.dropout(F.gelu(self.inner(x))))


class Joint(nn.Module):
    def __init__(self, labels):
        super().__init__()
        self.reader = Reader(*(len(labels[k]) for k in READ), 1)
        del self.reader.names
        self.names, self.adapter, self.events = names.Names(), Adapter(), events.EventReader(len(labels['event_modes']), shared=LAYERS)
        del self.events.join

    def begin(self, readers):
        """Takes over the weights of readers, as far as they fit."""
        reader, names_, events_ = readers
        self.reader.load_state_dict({k: v for k, v in reader.state_dict().items() if not k.startswith('names.')})
        self.names.load_state_dict(names_.state_dict())
        self.events.load_state_dict({k: v for k, v in events_.state_dict().items() if not k.startswith(('layers.', 'join.'))})
        with torch.no_grad():
            self.adapter.straight.weight.mul_(0.1)
            self.adapter.out.weight.mul_(0.5)
            self.adapter.straight.weight[:, WIDTH:] += events_.join.weight
            self.adapter.straight.bias.copy_(events_.join.bias)

    def tokens(self, x):
        """-> tokens of layer LOWER and of the last, each [B, T, WIDTH]."""
        outputs = self.reader.encoder.outputs(x['ids'], x['features'], x['mask'])
        return ends(outputs[LOWER], x['first'], x['last']), ends(outputs[-1], x['first'], x['last'])


def known(network):
    """Labels of a network, and its modes of events with their numbers."""
    labels = json.load(open(os.path.join(os.path.dirname(network), 'labels.json')))
    assert labels['names'] == names.TAGS
    return labels, {m: i for i, m in enumerate(labels['event_modes'])}


def teachers(network, labels):
    """The readers of a network whose event reader has layers of its own: (reader, names, event reader)."""
    readers = Reader(*(len(labels[k]) for k in READ), 1), names.Names(), events.EventReader(len(labels['event_modes']))
    for fill, reader in zip((restore.reader, restore.names, restore.events), readers):
        fill(network, reader)
        reader.eval()
    return readers


@torch.no_grad()
def told(windows, readers):
    """Adds to windows what the readers told: the event reader's tokens [T, WIDTH], `told_event_tokens`; to those of events the first
    reader's, too, `told_tokens`; to others whose names are not known, the logarithms of the tags' probabilities, `told_names`."""
    reader, names_, events_ = readers
    order = sorted(range(len(windows)), key=lambda i: len(windows[i]['ids']))
    for lo in range(0, len(order), 16):
        group = [windows[i] for i in order[lo:lo + 16]]
        x = inputs(group)
        outputs = reader.encoder.outputs(x['ids'], x['features'], x['mask'])
        lower, last = ends(outputs[LOWER], x['first'], x['last']), ends(outputs[-1], x['first'], x['last'])
        seen = events_.tokens(outputs[LOWER], x['mask'], x['first'], x['last'], last)
        tags = F.log_softmax(names_(torch.cat([lower, last], -1)), -1)
        for i, w in enumerate(group):
            m = len(w['first'])
            w['told_event_tokens'] = seen[i, :m].to(torch.bfloat16).clone()
            if 'events' in w:
                w['told_tokens'] = last[i, :m].to(torch.bfloat16).clone()
            elif 'names' not in w:
                w['told_names'] = tags[i, :m].clone()


def inputs(windows, rng=None):
    """What the encoder takes; with `rng`, some windows have straight quotation marks."""
    b, n, t = len(windows), max(len(w['ids']) for w in windows), max(len(w['first']) for w in windows)
    long = lambda *shape: torch.zeros(*shape, dtype=torch.long)
    x = {'ids': long(b, n), 'features': long(b, n), 'mask': torch.zeros(b, n, dtype=torch.bool), 'first': long(b, t), 'last': long(b, t),
         'tmask': torch.zeros(b, t, dtype=torch.bool)}
    for i, w in enumerate(windows):
        k, m = len(w['ids']), len(w['first'])
        ids = train.straightened(w['ids'], train.STRAIGHT, rng) if rng else w['ids']
        x['ids'][i, :k], x['features'][i, :k], x['mask'][i, :k] = torch.tensor(ids), torch.tensor(w['features']), True
        x['first'][i, :m], x['last'][i, :m], x['tmask'][i, :m] = torch.tensor(w['first']), torch.tensor(w['last']), True
    return x


def invented_people(piece):
    """First and last names of many languages, each a list of the pieces of a name, numbered by `piece`: those of the package Faker (MIT)."""
    import faker.providers.person as person

    def pieces(name):
        out, at = [], 0
        while at < len(name):
            end = next((e for e in range(len(name), at, -1) if ('##' if at else '') + name[at:e] in piece), None)
            if end is None:
                return None
            out.append(piece[('##' if at else '') + name[at:end]])
            at = end
        return out

    out = []
    for kind in ('first_names', 'last_names'):
        found = set()
        for locale in pkgutil.iter_modules(person.__path__):
            provider = importlib.import_module(f'{person.__name__}.{locale.name}').Provider
            for attribute in dir(provider):
                value = getattr(provider, attribute)
                if attribute.startswith(kind) and isinstance(value, (tuple, list, dict)):
                    plain = {''.join(c for c in unicodedata.normalize('NFKD', n) if not unicodedata.combining(c)) for n in value if isinstance(n, str)}
                    found |= {n.lower() for n in plain if n.isascii() and n.isalpha() and len(n) > 2 and n.istitle()}
        out.append([p for p in map(pieces, sorted(found)) if p])
    return out


def persons(w):
    """Spans of tokens [a, b) that are names of persons: as annotated, or as told without much doubt."""
    if 'names' in w:
        tags = w['names']
    elif 'told_names' in w:
        sure, best = w['told_names'].max(-1)
        tags = [names.TAGS[b] if s > -0.1 else 'O' for s, b in zip(sure.tolist(), best.tolist())]
    else:
        return []
    spans = []
    for t, tag in enumerate(tags):
        if tag == 'B-PER':
            spans.append([t, t + 1])
        elif tag == 'I-PER' and spans and spans[-1][1] == t:
            spans[-1][1] = t + 1
    return spans


def renamed(w, people, titles, rng):
    """A window with other persons in it, the same one under the same name throughout; what is not written with one capital, at its
    beginning, stays, and so do titles, a set of tuples of pieces."""
    spans = persons(w)
    word = lambda t: tuple(w['ids'][w['first'][t]:w['last'][t] + 1])
    new = {}
    for a, b in sorted(spans, key=lambda s: s[0] - s[1]):          # who is named in full first
        for t in range(a, b):
            old = word(t)
            if old not in new and w['features'][w['first'][t]] % 5 == 1 and old not in titles:
                new[old] = rng.choice(people[t > a or b == a + 1 and rng.random() < 0.7])
    at = {t for a, b in spans for t in range(a, b)}
    ids, features, first, last = w['ids'][:1], w['features'][:1], [], []
    for t in range(len(w['first'])):
        pieces = new.get(word(t), word(t)) if t in at else word(t)
        first.append(len(ids))
        ids = [*ids, *pieces]
        features = features + [w['features'][w['first'][t]]] * len(pieces)
        last.append(len(ids) - 1)
    return {**w, 'ids': ids + w['ids'][-1:], 'features': features + w['features'][-1:], 'first': first, 'last': last}


def collate(group, index, allowed, modes, rng):
    """A batch of windows, of events or of the first reader's corpora, with all their targets."""
    if 'events' in group[0]:
        x = inputs(group, rng)
        events.targets(x, group, modes, x['first'].shape[1])
    else:
        x = train.collate(group, index, train.STRAIGHT, rng)
        x['names'].fill_(train.IGNORE)                     # they have a loss of their own
        b, t = x['first'].shape
        x['allowed'], x['told_names'] = torch.ones(b, t, len(names.TAGS)), torch.zeros(b, t, len(names.TAGS))
        x['annotated'], x['told'] = torch.zeros(b, t, dtype=torch.bool), torch.zeros(b, t, dtype=torch.bool)
        for i, w in enumerate(group):
            m = len(w['first'])
            if 'told_names' in w:
                x['told'][i, :m], x['told_names'][i, :m] = True, w['told_names']
            elif 'names' in w:
                rows = [allowed['ewt' if w['corpus'] == 'ewt' else 'other'].get(tag) for tag in w['names']]
                x['annotated'][i, :m] = torch.tensor([r is not None for r in rows])
                x['allowed'][i, :m] = torch.stack([torch.ones(len(names.TAGS)) if r is None else r for r in rows])
    for key in ('told_event_tokens', 'told_tokens'):
        if key in group[0]:
            x[key] = torch.zeros(*x['first'].shape, WIDTH)
            for i, w in enumerate(group):
                x[key][i, :len(w['first'])] = w[key].float()
    return x


def losses(model, x, scale, share):
    """scale: standard deviations of what was told, by which differences are divided; share: its weight."""
    lower, last = model.tokens(x)
    dropout = model.reader.dropout
    lower_dropped, last_dropped = dropout(lower), dropout(last)
    seen = model.adapter(lower_dropped, last_dropped)
    out = {}
    if 'types' in x:
        out.update({'event_' + k: v for k, v in events.losses(model.events, x, model.events.dropout(seen)).items()})
    else:
        out.update(train.losses(model.reader, x, last_dropped))
        p = F.log_softmax(model.names(torch.cat([lower_dropped, last_dropped], -1)), -1)
        named = []
        if x['annotated'].any():
            named.append(-torch.logsumexp(p[x['annotated']].masked_fill(x['allowed'][x['annotated']] == 0, -1e9), -1).mean())
        if x['told'].any():
            named.append(-(x['told_names'][x['told']].exp() * p[x['told']]).sum(-1).mean())
        if named:
            out['names'] = train.WEIGHT['names'] * sum(named)
    if share:
        keep = x['tmask'][..., None]
        for key, guess in (('told_event_tokens', seen), ('told_tokens', last)):
            if key in x:
                out[key] = share * (((guess - x[key]) / scale[key]) ** 2 * keep).sum() / (keep.sum() * WIDTH)
    return out


@torch.no_grad()
def evaluate(model, dev, dev_events, index, modes):
    model.eval()
    parts = {k: v for k, v in dev.items() if k in ('attribution', 'ewt', 'gum')}
    out = train.evaluate(model.reader, parts, index, tokens=lambda x: model.tokens(x)[1])
    model.eval()
    for corpus in ('uner', 'crossner'):
        rows = []
        for w in dev[corpus]:
            lo, hi = w['own']
            rows.append((torch.cat(model.tokens(inputs([w])), -1)[0, lo:hi], w['names'][lo:hi]))
        kinds = {'PER', 'ORG', 'LOC'} | ({'EVENT'} if corpus == 'crossner' else set())
        out[corpus] = names.score(model.names, rows, kinds)
        model.eval()
    for threshold in (0.35, 0.5):
        found = events.predict(model.events, dev_events, modes, threshold, lambda w: model.adapter(*model.tokens(inputs([w]))))
        out[f'events {threshold}'] = events.score(dev_events, found)[0]
        model.eval()
    model.train()
    return out


def prepare(a):
    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    at = lambda f: os.path.join(a.work, f)
    labels, modes = known(a.network)
    data = pickle.load(open(at('data.pkl'), 'rb'))
    desk = pickle.load(open(at('events.pkl'), 'rb'))
    marked = names.ewt(os.path.join(a.bench, 'parse/en_ewt-ud-train.conllu'), os.path.join(root, 'training/annotations/names.tsv'), root)
    ewt = [w for w in data['train'] if w['corpus'] == 'ewt']
    assert len(ewt) == len(marked)
    for w, m in zip(ewt, marked):
        assert w['ids'] == m['ids']
        w['names'] = m['names']
    if any('names' in w for w in data['train'] if w['corpus'] == 'attribution'):
        raise SystemExit(f'{at("data.pkl")} has silver names: run prepare.py without --silver')
    for w in desk['train']:
        w['corpus'] = 'more' if w.get('more') else 'desk'
    readers = teachers(a.network, labels)
    told(data['train'] + desk['train'] + desk['dev'], readers)
    for threshold in (0.35, 0.5):
        found = events.predict(readers[2], desk['dev'], modes, threshold, lambda w: w['told_event_tokens'].float()[None])
        print('the event reader, dev', threshold, events.score(desk['dev'], found)[0], flush=True)
    for w in desk['dev']:
        del w['told_event_tokens'], w['told_tokens']
    pickle.dump({'train': data['train'] + desk['train'], 'dev': data['dev'], 'events': desk['dev']}, open(at('joint.pkl'), 'wb'), protocol=4)


def run(a):
    torch.manual_seed(a.seed)
    torch.set_num_threads(a.threads)
    at = lambda f: os.path.join(a.work, f)
    piece = train.pieces(os.path.join(os.path.dirname(a.network), 'vocab.txt'))
    train.straight_quotes(piece)
    labels, modes = known(a.network)
    index = train.indexer(labels)
    allowed = {corpus: {tag: names.allowed(tag, corpus) for tag in names.TAGS} for corpus in ('ewt', 'other')}
    data = pickle.load(open(at('joint.pkl'), 'rb'))
    windows = data['train']
    repeat = {**REPEAT, 'desk': a.events, 'more': a.events * MORE}
    model = Joint(labels)
    model.begin(teachers(a.network, labels))
    if a.start:
        model.load_state_dict(torch.load(at(a.start)))
    people = invented_people(piece) if a.renamed else None
    titles = {(piece[t],) for t in TITLES}
    sample = random.Random(0).sample([w for w in windows if 'told_tokens' in w], 200)
    scale = {k: torch.cat([w[k].float() for w in sample]).std(0) + 1e-3 for k in ('told_event_tokens', 'told_tokens')}
    parts = {part: [] for part in ('encoder', 'heads', 'adapter')}
    for n, p in model.named_parameters():
        parts['encoder' if n.startswith('reader.encoder.') else 'adapter' if n.startswith('adapter.') else 'heads'].append(p)
    rates = {'encoder': a.lr, 'heads': a.head_lr, 'adapter': 2 * a.head_lr}
    optimizer = torch.optim.AdamW([{'params': p, 'lr': rates[n]} for n, p in parts.items()], weight_decay=0.01, betas=(0.9, 0.98), fused=True)
    rng = random.Random(a.seed)
    kinds = {k: [w for w in windows if ('events' in w) == k] for k in (False, True)}

    def epoch():
        made = [[(k, i) for i in b] for k, ws in kinds.items() for b in train.batches(ws, a.batch, rng, repeat)]
        rng.shuffle(made)
        return made

    queue = epoch()
    total = int(len(queue) * a.epochs)
    rate = lambda s: min(1.0, (s + 1) / (0.04 * total)) * max(0.0, 1 - s / total)
    scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, rate)
    log = open(at('joint.log'), 'a', buffering=1)
    say = lambda *m: (print(*m, flush=True), print(*m, file=log))
    say(f'{sum(p.numel() for p in model.parameters()):,} parameters, {len(windows)} windows, {len(queue)} steps an epoch, {total} in all')
    step, sums, began, shown = 0, {}, time.time(), 0
    if os.path.exists(at(a.name + '.part')):
        c = torch.load(at(a.name + '.part'), weights_only=False)
        if c['total'] != total:
            raise SystemExit(f'{at(a.name)}.part is of a run of {c["total"]} steps, this one has {total}: the same data and options go on with it')
        model.load_state_dict(c['model'])
        optimizer.load_state_dict(c['optimizer'])
        scheduler.load_state_dict(c['scheduler'])
        step, queue = c['step'], c['queue']
        rng.setstate(c['rng'])
        torch.set_rng_state(c['torch'])
        shown = step
    model.train()
    while step < min(total, a.steps or total):
        if not queue:
            queue = epoch()
        group = [kinds[k][i] for k, i in queue.pop()]
        if people:
            group = [renamed(w, people, titles, rng) if rng.random() < a.renamed else w for w in group]
        x = collate(group, index, allowed, modes, rng)
        out = losses(model, x, scale, a.told * max(0.0, 1 - step / (0.75 * total)))
        loss = sum(out.values())
        learn(model, loss, optimizer, scheduler)
        step += 1
        train.add(sums, out)
        if step % 50 == 0:
            say(f'step {step}', f'{(time.time() - began) / (step - shown):.2f} s/step', {k: round(s / n, 3) for k, (s, n) in sums.items()})
            sums, began, shown = {}, time.time(), step
        if step % 200 == 0 or step in (a.steps, total):
            torch.save({'model': model.state_dict(), 'optimizer': optimizer.state_dict(), 'scheduler': scheduler.state_dict(), 'step': step,
                        'total': total, 'queue': queue, 'rng': rng.getstate(), 'torch': torch.get_rng_state()}, at(a.name + '.tmp'))
            os.replace(at(a.name + '.tmp'), at(a.name + '.part'))
        if step == total or step % a.every == 0:
            say('dev after step', step, evaluate(model, data['dev'], data['events'], index, modes))
            began, shown = time.time(), step
    if step >= total:
        torch.save(model.state_dict(), at(a.name))


def export(a):
    labels, _ = known(a.network)
    state = torch.load(os.path.join(a.work, a.name))
    model = Joint(labels)
    if a.share < 1:  # some of where it began; what is read of events began elsewhere
        model.begin(teachers(a.network, labels))
        began = model.state_dict()
        state = {k: v if k.startswith(('adapter.', 'events.')) else a.share * v + (1 - a.share) * began[k] for k, v in state.items()}
    none = torch.tensor([float(tag == 'O' or tag.endswith('OTH')) for tag in names.TAGS])
    state['names.straight.bias'] = state['names.straight.bias'] + a.nothing * none
    model.load_state_dict(state)
    model.eval()
    windows = random.Random(0).sample(pickle.load(open(os.path.join(a.work, 'data.pkl'), 'rb'))['train'], 96)

    def read():
        for w in windows:
            model.tokens(inputs([w]))

    seen = calibration(model.reader.encoder.layers, read)
    part = lambda name: {k[len(name) + 1:]: v.float().numpy() for k, v in state.items() if k.startswith(name + '.')}
    network = build(part('reader'), labels, not a.f32, {'pairs'}, seen, len(names.TAGS))
    graph = network.graph

    n = part('names')
    g = Graph(False, 'names_')
    both = names.two_layers(g, list(graph.node))
    inner = g.gelu(g.linear(both, n['inner.weight'], n['inner.bias'], False))
    g.op('Add', g.linear(both, n['straight.weight'], n['straight.bias'] + n['out.bias'], False), g.linear(inner, n['out.weight'], None, False), name='names')
    lower = next(node.input[0] for node in g.nodes if node.op_type == 'Concat')
    graph.node.extend(g.nodes)
    graph.initializer.extend(g.weights)

    # A map for each of the two layers: one scale of int8 for both would cost the finer one its precision.
    p = part('adapter')
    g = Graph(not a.f32, events.MARK)
    weight, bias = np.concatenate([p['straight.weight'], p['inner.weight']]), np.concatenate([p['straight.bias'], p['inner.bias']])
    joint = g.op('Add', g.linear(lower, weight[:, :WIDTH], None), g.linear('tokens', weight[:, WIDTH:], bias))
    straight, inner = g.op('Split', joint, g.const(np.array([WIDTH, ADAPTER], np.int64)), outputs=2, axis=1)
    g.op('Add', g.op('Add', 'tokens', straight), g.linear(g.gelu(inner), p['out.weight'], p['out.bias']), name=events.TOKENS)
    events.export_heads(g, graph, part('events'))
    onnx.checker.check_model(network)
    save(network, a.out)
    json.dump(labels, open(os.path.join(a.out, 'labels.json'), 'w'), ensure_ascii=False, indent=0)
    print('wrote', a.out, os.path.getsize(os.path.join(a.out, 'model.onnx.data')), 'bytes of weights')


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument('step', choices=('prepare', 'train', 'export'))
    p.add_argument('--work', required=True)
    p.add_argument('--bench', help='the folder of the corpora (prepare)')
    p.add_argument('--network', required=True, help='model.onnx whose event reader has layers of its own, beside its labels.json and vocab.txt')
    p.add_argument('--out', help='folder of the network that is written (export)')
    p.add_argument('--epochs', type=float, default=2.6)
    p.add_argument('--events', type=float, default=1.0, help='how often an epoch sees the windows of events')
    p.add_argument('--start', help='weights to go on from, in the folder of work')
    p.add_argument('--told', type=float, default=1.0, help='weight of what the readers told, at the beginning')
    p.add_argument('--renamed', type=float, default=0.0, help='the share of windows whose persons are given other names (needs Faker, and `--told 0`)')
    p.add_argument('--batch', type=int, default=3000, help='word pieces in a batch')
    p.add_argument('--lr', type=float, default=1.5e-4)
    p.add_argument('--head-lr', type=float, default=5e-4)
    p.add_argument('--seed', type=int, default=7)
    p.add_argument('--threads', type=int, default=2)
    p.add_argument('--every', type=int, default=10000, help='steps from one look at the development sets to the next')
    p.add_argument('--steps', type=int, help='stop after so many steps; the same command without it goes on')
    p.add_argument('--name', default='joint.pt')
    p.add_argument('--share', type=float, default=1.0, help='of the weights, the rest being those it began with (export)')
    p.add_argument('--nothing', type=float, default=0.0, help='added to the logits of no name and of other names (export)')
    p.add_argument('--f32', action='store_true', help='no int8 anywhere (export)')
    a = p.parse_args()
    for step, needed in (('prepare', 'bench'), ('export', 'out')):
        if a.step == step and not getattr(a, needed):
            p.error(f'{step} needs --{needed}')
    {'prepare': prepare, 'train': run, 'export': export}[a.step](a)


if __name__ == '__main__':
    main()
