"""Events: python events.py prepare|train|export|weigh ... (see README.md)

The event reader stands on the first reader's network: its lower layers are taken as they are, the upper ones are copied and tuned to events,
so that nothing else that the network tells is changed. For every token, the type of the event that it triggers, if any; for every trigger,
its status and mode, and for every token of the window, whether it belongs to the event's actor, recipient, place or time, or is another
mention of the same event. For every token, too, whether it belongs to what somebody commits themselves to, and in what way.
"""
import argparse
import collections
import json
import os
import pickle
import random
import time
import zlib

import numpy as np
import onnx
import torch
import torch.nn.functional as F
from onnx import TensorProto, helper
from torch import nn

import restore
from export import Graph, calibration, convolution, layer, save
from model import BUCKETS, DILATIONS, LAYERS, WIDTH, Dropout, Encoder, Layer, distance_buckets, learn
from prepare import HELPING, jsonl, layouts, starts_index, tokens_in, windows_of

TYPES = 'O AGREE CONSULT SUPPORT CONCEDE COOPERATE AID RETREAT REQUEST ACCUSE REJECT THREATEN PROTEST SANCTION MOBILIZE COERCE ASSAULT'.split()
STATUS = 'happened ongoing planned possible denied unreal'.split()
ROLES = 'actor recipient place time'.split()
COMMITMENTS = 'plan promise threat offer guarantee'.split()
SHARED = 4             # layers taken as they are
PAIR, INNER = 64, 128
IGNORE = -100


def events_of(record, layout):
    """Events with their tokens; the anchor of a mention is its first word that is no helping word."""
    text, at = record['text'], starts_index(layout)
    word = lambda t: text[slice(*layout['tokens'][t])].lower()

    def of(span):
        found = sorted(tokens_in(layout, [(span['start'], span['end'])], at)) if span else []
        return next((t for t in found if word(t) not in HELPING), found[0] if found else None), found

    out = []
    for e in record['events']:
        anchor, trigger = of(e['trigger'])
        if anchor is None:
            continue
        also = [of(a) for a in e['also']]
        out.append({'type': e['type'], 'status': e['status'], 'mode': e['mode'] or '-', 'anchor': anchor, 'trigger': trigger,
                    'also': [a for a, _ in also if a is not None], 'also_all': [t for _, ts in also for t in ts],
                    **{r: of(e[r])[1] for r in ROLES}})
    promises = [(c['kind'], of(c['what'])[1], of(c['by'])[1]) for c in record['commitments'] or []]
    return out, promises


def with_texts(records, bench):
    """Records of `annotations/` in the desk format: those without words with the words of their windows, from the corpora in the folder
    `bench`; those of `invented.jsonl` say nothing of commitments."""
    texts = {}
    for r in records:
        if 'text' in r:
            r.update(source={'id': r['id']}, corpus='invented', commitments=r.get('commitments'))
        else:
            source = r['source']
            if source['file'] not in texts:
                texts[source['file']] = {t['id']: t['text'] for t in jsonl(os.path.join(bench, source['file']))}
            r['text'] = texts[source['file']][source['id']][source['start']:source['start'] + source['length']]
            r['corpus'] = source['file']
        span = lambda s: s and {'start': s[0], 'end': s[1], 'text': r['text'][s[0]:s[1]]}
        for e in r['events']:
            e.update({k: span(e[k]) for k in ('trigger', 'said_by', *ROLES)}, also=[span(a) for a in e['also']])
        for c in r['commitments'] or []:
            c.update({k: span(c[k]) for k in ('by', 'to', 'what', 'due')})
    return records


def prepare(sets, root):
    """Lists of records in the desk format -> windows."""
    out = []
    for records in sets:
        given = [{'id': r['id'], 'text': r['text']} for r in records]
        for r, layout in zip(records, layouts(given, root)):
            events, promises = events_of(r, layout)
            for w, window in windows_of(layout, {}):
                a, b = w['tokens']
                inside = lambda ts: [t - a for t in ts if a <= t < b]
                window.update(doc=r['id'], corpus=r['corpus'], source=r['source']['id'], words=[r['text'][slice(*layout['tokens'][t])] for t in range(a, b)])
                window['events'] = [{**e, 'anchor': e['anchor'] - a, **{k: inside(e[k]) for k in ['trigger', 'also', 'also_all', *ROLES]}}
                                    for e in events if a <= e['anchor'] < b]
                window['commitments'] = [(k, inside(t), inside(by)) for k, t, by in promises if inside(t)]
                window['untold'] = r['commitments'] is None
                out.append(window)
    return out


class Arguments(nn.Module):
    """For each trigger, a convolution over the window's tokens, seen from it: as the attribution graph (model.Pairs), smaller."""

    def __init__(self, width):
        super().__init__()
        self.anchor, self.token = nn.Linear(width, 2 * PAIR), nn.Linear(width, 2 * PAIR)
        self.distance = nn.Embedding(BUCKETS, PAIR)
        self.kind = nn.Embedding(len(TYPES), PAIR)
        self.convolutions = nn.ModuleList(nn.Conv1d(PAIR, PAIR, 3, padding=d, dilation=d) for d in DILATIONS[:3])
        self.out = nn.Linear(PAIR, len(ROLES) + 1)

    def forward(self, anchors, kinds, tokens, buckets, mask):
        a_sum, a_product = self.anchor(anchors)[:, None, :].chunk(2, -1)
        t_sum, t_product = self.token(tokens).chunk(2, -1)
        x = a_sum + t_sum + a_product * t_product + self.distance(buckets) + self.kind(kinds)[:, None, :]
        keep = mask[..., None].to(x.dtype)
        x = F.gelu(x) * keep
        for convolution in self.convolutions:
            x = (x + F.gelu(convolution(x.transpose(1, 2)).transpose(1, 2))) * keep
        return self.out(x)


class EventReader(nn.Module):
    """Input: what layer SHARED gives for pieces [B, N, D], and the network's own tokens [B, T, D]."""

    def __init__(self, modes, dropout=0.15, shared=SHARED):
        super().__init__()
        self.layers = nn.ModuleList(Layer(dropout) for _ in range(LAYERS - shared))
        self.dropout = Dropout(dropout)
        self.join = nn.Linear(WIDTH, WIDTH)
        self.inner, self.types = nn.Linear(WIDTH, INNER), nn.Linear(INNER, len(TYPES))
        self.told = nn.Linear(WIDTH, INNER)
        self.status, self.modes = nn.Linear(INNER, len(STATUS)), nn.Linear(INNER, modes)
        self.arguments = Arguments(WIDTH)
        self.commitments = nn.Linear(WIDTH, 1 + 2 * len(COMMITMENTS))

    def tokens(self, h, mask, first, last, own):
        m = torch.zeros(mask.shape, dtype=torch.bfloat16 if torch.is_autocast_enabled('cpu') else h.dtype).masked_fill(~mask, -1e4)[:, None, None, :]
        for layer in self.layers:
            h = layer(h, m)
        pick = lambda i: torch.gather(h, 1, i[..., None].expand(-1, -1, WIDTH))
        return self.dropout((pick(first) + pick(last)) * 0.5 + self.join(own))

    def trigger(self, t):
        return self.types(self.dropout(F.gelu(self.inner(t))))

    def detail(self, anchors):
        x = self.dropout(F.gelu(self.told(anchors)))
        return self.status(x), self.modes(x)


@torch.no_grad()
def features(windows, encoder, shared):
    """Adds to each window what the frozen layers give: `h` [N, D] after layer `shared`, `t` [T, D] after the last."""
    encoder.eval()
    order = sorted(range(len(windows)), key=lambda i: len(windows[i]['ids']))
    for lo in range(0, len(order), 16):
        group = [windows[i] for i in order[lo:lo + 16]]
        n = max(len(w['ids']) for w in group)
        ids, feats = torch.zeros(len(group), n, dtype=torch.long), torch.zeros(len(group), n, dtype=torch.long)
        mask = torch.zeros(len(group), n, dtype=torch.bool)
        for i, w in enumerate(group):
            k = len(w['ids'])
            ids[i, :k], feats[i, :k], mask[i, :k] = torch.tensor(w['ids']), torch.tensor(w['features']), True
        outputs = encoder.outputs(ids, feats, mask)
        low, x = outputs[shared - 1], outputs[-1]
        for i, w in enumerate(group):
            k = len(w['ids'])
            w['h'] = low[i, :k].to(torch.bfloat16).clone()
            w['t'] = ((x[i][torch.tensor(w['first'])] + x[i][torch.tensor(w['last'])]) * 0.5).to(torch.bfloat16).clone()


def targets(x, windows, modes, t):
    """Adds to a batch of windows of up to `t` tokens what events they tell; the triggers of all windows are flattened."""
    long = lambda *shape, fill=0: torch.full(shape, fill, dtype=torch.long)
    b = len(windows)
    x.update(types=long(b, t, fill=IGNORE), promise=long(b, t, fill=IGNORE))
    where, anchors, kinds, status, mode, args = [], [], [], [], [], []
    for i, w in enumerate(windows):
        m = len(w['first'])
        x['types'][i, :m] = 0
        x['promise'][i, :m] = IGNORE if w.get('untold') else 0
        for e in w['events']:
            for tok in e['trigger'] + e['also_all']:
                x['types'][i, tok] = IGNORE
        for e in w['events']:
            for tok in [e['anchor']] + e['also']:
                x['types'][i, tok] = TYPES.index(e['type'])
            for tok in [e['anchor']] + e['also']:
                where.append(i); anchors.append(tok); kinds.append(TYPES.index(e['type']))
                status.append(STATUS.index(e['status'])); mode.append(modes.get(e['mode'], IGNORE))
                y = torch.zeros(t, len(ROLES) + 1)
                for r, role in enumerate(ROLES):
                    y[e[role], r] = 1
                y[[a for a in [e['anchor']] + e['also'] if a != tok], len(ROLES)] = 1
                args.append(y)
        for kind, what, _ in w['commitments']:
            c = COMMITMENTS.index(kind)
            for j, tok in enumerate(sorted(what)):
                x['promise'][i, tok] = 1 + 2 * c + (j > 0)
    as_long = lambda v: torch.tensor(v, dtype=torch.long)
    x.update(where=as_long(where), anchors=as_long(anchors), kinds=as_long(kinds), status=as_long(status), mode=as_long(mode),
             args=torch.stack(args) if args else torch.zeros(0, t, len(ROLES) + 1))


def collate(windows, modes):
    b, n, t = len(windows), max(len(w['ids']) for w in windows), max(len(w['first']) for w in windows)
    long = lambda *shape, fill=0: torch.full(shape, fill, dtype=torch.long)
    x = {'h': torch.zeros(b, n, WIDTH), 'own': torch.zeros(b, t, WIDTH), 'mask': torch.zeros(b, n, dtype=torch.bool), 'first': long(b, t),
         'last': long(b, t), 'tmask': torch.zeros(b, t, dtype=torch.bool)}
    for i, w in enumerate(windows):
        k, m = len(w['ids']), len(w['first'])
        x['h'][i, :k], x['own'][i, :m] = w['h'].float(), w['t'].float()
        x['mask'][i, :k] = True
        x['first'][i, :m], x['last'][i, :m] = torch.tensor(w['first']), torch.tensor(w['last'])
        x['tmask'][i, :m] = True
    targets(x, windows, modes, t)
    return x


def arguments(model, t, x, where, anchors, kinds):
    buckets = distance_buckets(anchors, torch.arange(t.shape[1]))
    return model.arguments(t[where, anchors], kinds, t[where], buckets, x['tmask'][where])


def losses(model, x, t=None):
    """t: the event reader's tokens, where they are known."""
    if t is None:
        t = model.tokens(x['h'], x['mask'], x['first'], x['last'], x['own'])
    count = max(1, len(x['anchors']))
    scores = model.trigger(t).float()
    out = {'types': F.cross_entropy(scores.flatten(0, 1), x['types'].flatten(), ignore_index=IGNORE, reduction='sum') / count}
    promise = model.commitments(t).float()
    out['promise'] = F.cross_entropy(promise.flatten(0, 1), x['promise'].flatten(), ignore_index=IGNORE, reduction='sum') / (8 * count)
    if len(x['anchors']):
        status, mode = model.detail(t[x['where'], x['anchors']])
        out['status'] = F.cross_entropy(status.float(), x['status'])
        out['mode'] = F.cross_entropy(mode.float(), x['mode'], ignore_index=IGNORE)
        a = arguments(model, t, x, x['where'], x['anchors'], x['kinds']).float()
        each = F.binary_cross_entropy_with_logits(a, x['args'], reduction='none') * x['tmask'][x['where']][..., None]
        each = each.sum((0, 1)) / count
        out['args'] = each[0] / 3 + each[1] / 3 + each[2] / 3 + each[3] / 3
        out['also'] = each[4]
    return out


@torch.no_grad()
def predict(model, windows, modes, threshold, tokens=None):
    """Predicted events of each window, own tokens only: dicts with anchor, type, score, status, mode and role tokens. tokens: gives a
    window's tokens as the event reader sees them [1, T, D], where `h` and `t` are not known."""
    model.eval()
    names = list(modes)
    out = []
    for w in windows:
        if tokens:
            t, x = tokens(w), {'tmask': torch.ones(1, len(w['first']), dtype=torch.bool)}
        else:
            x = collate([w], modes)
            t = model.tokens(x['h'], x['mask'], x['first'], x['last'], x['own'])
        p = torch.softmax(model.trigger(t)[0], -1)
        lo, hi = w['own']
        found, last = [], None
        for i in range(lo, hi):
            k = int(p[i, 1:].argmax()) + 1
            s = 1 - float(p[i, 0])
            if s < threshold:
                last = None
                continue
            if last is not None and last['type'] == TYPES[k] and last['end'] == i:
                last['end'] = i + 1
                last['trigger'].append(i)
                if s > last['score']:
                    last['score'], last['anchor'] = s, i
                continue
            last = {'type': TYPES[k], 'score': s, 'anchor': i, 'trigger': [i], 'end': i + 1}
            found.append(last)
        if found:
            anchors = torch.tensor([f['anchor'] for f in found])
            where = torch.zeros(len(found), dtype=torch.long)
            kinds = torch.tensor([TYPES.index(f['type']) for f in found])
            status, mode = model.detail(t[where, anchors])
            a = torch.sigmoid(arguments(model, t, x, where, anchors, kinds))
            for j, f in enumerate(found):
                f['status'] = STATUS[int(status[j].argmax())]
                f['mode'] = names[int(mode[j].argmax())]
                for r, role in enumerate(ROLES):
                    f[role] = [i for i in range(a.shape[1]) if a[j, i, r] > 0.5]
                f['same'] = {g['anchor']: float(a[j, g['anchor'], 4]) for g in found if g is not f}
        out.append(found)
    model.train()
    return out


def merge(found, threshold=0.5):
    """Mentions of one event put together: [(first mention, all trigger tokens)]."""
    groups = []
    for f in found:
        for g in groups:
            if g[0]['type'] == f['type'] and max((f['same'].get(m['anchor'], 0) + m['same'].get(f['anchor'], 0)) / 2 for m in g) > threshold:
                g.append(f)
                break
        else:
            groups.append([f])
    return groups


def score(windows, predicted, merging=0.5, real=True):
    """The desk metric, on windows (an event on the border of two windows counts where it is owned)."""
    c = collections.Counter()
    by = collections.Counter()
    for w, found in zip(windows, predicted):
        if real and w['corpus'] == 'ngec':
            continue
        gold = [e for e in w['events'] if w['own'][0] <= e['anchor'] < w['own'][1]]
        used = set()
        groups = merge(found, merging)
        c['p'] += len(groups)
        c['g'] += len(gold)
        for e in gold:
            by[e['type'], 'g'] += 1
        for group in groups:
            tokens = {t for m in group for t in m['trigger']}
            by[group[0]['type'], 'p'] += 1
            hit = next((j for j, e in enumerate(gold) if j not in used and e['type'] == group[0]['type'] and tokens & set(e['trigger'] + e['also_all'])), None)
            c['any'] += any(tokens & set(e['trigger'] + e['also_all']) for e in gold)
            if hit is None:
                continue
            used.add(hit)
            e, f = gold[hit], group[0]
            c['tp'] += 1
            by[e['type'], 'tp'] += 1
            c['status'] += e['status'] == f['status']
            c['mode'] += e['mode'] == f['mode']
            for r in ROLES:
                a, b = set(e[r]), set(f[r])
                c[r, 'p'] += bool(b)
                c[r, 'g'] += bool(a)
                c[r, 'tp'] += bool(a & b)
    f1 = lambda tp, p, g: round(2 * tp / max(1, p + g), 3)
    out = {'events': f1(c['tp'], c['p'], c['g']), 'P': round(c['tp'] / max(1, c['p']), 3), 'R': round(c['tp'] / max(1, c['g']), 3),
           'any': round(c['any'] / max(1, c['p']), 3), 'n': c['g'], 'status': round(c['status'] / max(1, c['tp']), 3), 'mode': round(c['mode'] / max(1, c['tp']), 3),
           **{r: f1(c[r, 'tp'], c[r, 'p'], c[r, 'g']) for r in ROLES}}
    return out, {k: f1(by[k, 'tp'], by[k, 'p'], by[k, 'g']) for k in TYPES[1:]}


def batches(windows, size, rng):
    order = sorted(range(len(windows)), key=lambda i: len(windows[i]['ids']) + rng.random() * 40)
    made, batch, longest = [], [], 0
    for i in order:
        longest = max(longest, len(windows[i]['ids']))
        if batch and longest * (len(batch) + 1) > size:
            made.append(batch)
            batch, longest = [], len(windows[i]['ids'])
        batch.append(i)
    made.append(batch)
    rng.shuffle(made)
    return made


def train(a):
    torch.manual_seed(a.seed)
    random.seed(a.seed)
    torch.set_num_threads(a.threads)
    data = pickle.load(open(os.path.join(a.work, a.data), 'rb'))
    windows, dev = data['train'], data['dev']
    modes = {m: i for i, (m, n) in enumerate(collections.Counter(e['mode'] for w in windows for e in w['events']).most_common()) if n >= 5}
    encoder = Encoder(0.0)
    restore.encoder(a.network, encoder)
    for w in windows + dev:
        if 'hs' in w:
            w['h'] = w.pop('hs')[a.shared]
    features([w for w in windows + dev if 'h' not in w], encoder, a.shared)
    model = EventReader(len(modes), shared=a.shared)
    for i, layer in enumerate(model.layers):
        layer.load_state_dict(encoder.layers[a.shared + i].state_dict())
    if a.start:
        saved = torch.load(os.path.join(a.work, a.start))
        modes = {m: i for i, m in enumerate(saved['modes'])}
        model = EventReader(len(modes), shared=a.shared)
        model.load_state_dict(saved['model'])
    low = [p for n, p in model.named_parameters() if n.startswith('layers.')]
    high = [p for n, p in model.named_parameters() if not n.startswith('layers.')]
    optimizer = torch.optim.AdamW([{'params': low, 'lr': a.lr}, {'params': high, 'lr': a.head_lr}], weight_decay=0.01, betas=(0.9, 0.98))
    rng = random.Random(a.seed)
    total = int(len(batches(windows, a.batch, random.Random(0))) * a.epochs)
    rate = lambda s: min(1.0, (s + 1) / (0.08 * total)) * max(0.0, 1 - s / total)
    scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, rate)
    say = lambda *m: print(*m, flush=True)
    say(f'{sum(p.numel() for p in model.parameters()):,} parameters, {len(windows)} windows, {total} steps, {len(modes)} modes')
    step, queue, sums, began = 0, [], collections.Counter(), time.time()
    while step < total:
        if not queue:
            fit = [w for w in windows if not w.get('more')] if step > total * (1 - a.last) else windows
            queue = [[fit[i] for i in b] for b in batches(fit, a.batch, rng)]
            epoch_began = step
        x = collate(queue.pop(), modes)
        with torch.autocast('cpu', torch.bfloat16, enabled=a.bf16):
            out = losses(model, x)
        loss = sum(out.values())
        learn(model, loss, optimizer, scheduler)
        step += 1
        for k, v in out.items():
            sums[k] += v.item()
        if not queue:
            n = step - epoch_began
            say(f'step {step}', f'{time.time() - began:.0f} s', {k: round(v / n, 3) for k, v in sums.items()})
            sums = collections.Counter()
            torch.save({'model': model.state_dict(), 'modes': list(modes), 'shared': a.shared}, os.path.join(a.work, a.name))
            if step == total or round(step / max(1, n)) % a.every == 0:
                for threshold in (0.35, 0.5):
                    say('  dev', threshold, score(dev, predict(model, dev, modes, threshold))[0])
    torch.save({'model': model.state_dict(), 'modes': list(modes), 'shared': a.shared}, os.path.join(a.work, a.name))
    say(score(dev, predict(model, dev, modes, 0.4)))


MARK = 'e_'            # begins the names of all that is the event reader's in the network


TOKENS = 'event_tokens'


def export_heads(g, graph, p):
    """Adds to the network what is told of the event reader's TOKENS, which `g` has; p: its weights."""
    parts = ['inner', 'told', 'arguments.token']
    joint = g.linear(TOKENS, np.concatenate([p[n + '.weight'] for n in parts]), np.concatenate([p[n + '.bias'] for n in parts]))
    sizes = g.const(np.array([p[n + '.weight'].shape[0] for n in parts], np.int64))
    g.nodes.append(helper.make_node('Split', [joint, sizes], ['event_inner', 'event_told', 'event_pair_tokens'], axis=1, name=MARK + 'cut'))
    g.linear(g.gelu('event_inner'), p['types.weight'], p['types.bias'], False, name='event_types')
    g.linear(TOKENS, p['commitments.weight'], p['commitments.bias'], False, name='event_commitments')

    # Second run: what the triggers that were found tell.
    told = g.gelu(g.op('Gather', 'event_told', 'event_anchors'))
    g.linear(told, p['status.weight'], p['status.bias'], False, name='event_status')
    g.linear(told, p['modes.weight'], p['modes.bias'], False, name='event_modes')
    half = g.const(np.array([PAIR, PAIR], np.int64))
    own = g.linear(g.op('Gather', TOKENS, 'event_anchors'), p['arguments.anchor.weight'], p['arguments.anchor.bias'], False)
    own = g.op('Unsqueeze', own, g.const(np.array([1], np.int64)))
    a_sum, a_product = g.op('Split', own, half, outputs=2, axis=2)
    t_sum, t_product = g.op('Split', 'event_pair_tokens', half, outputs=2, axis=1)
    kinds = g.op('Gather', g.const(p['arguments.kind.weight']), 'event_kinds')
    a_sum = g.op('Add', a_sum, g.op('Unsqueeze', kinds, g.const(np.array([1], np.int64))))
    y = g.op('Add', g.op('Add', g.op('Mul', a_product, t_product), a_sum), t_sum)
    y = g.gelu(g.op('Add', y, g.op('Gather', g.const(p['arguments.distance.weight']), 'event_buckets')))
    for i, d in enumerate(DILATIONS[:3]):
        y = convolution(g, y, p[f'arguments.convolutions.{i}.weight'], p[f'arguments.convolutions.{i}.bias'], d, False)
    g.linear(y, p['arguments.out.weight'], p['arguments.out.bias'], False, name='event_arguments')
    ints = lambda n, *shape: helper.make_tensor_value_info(n, TensorProto.INT64, shape)
    floats = lambda n, *shape: helper.make_tensor_value_info(n, TensorProto.FLOAT, shape)
    graph.node.extend(g.nodes)
    graph.initializer.extend(g.weights)
    graph.input.extend([ints('event_anchors', 'E'), ints('event_kinds', 'E'), ints('event_buckets', 'E', 'T')])
    graph.output.extend([floats('event_types', 'T', len(TYPES)), floats('event_commitments', 'T', 1 + 2 * len(COMMITMENTS)),
                         floats('event_status', 'E', len(STATUS)), floats('event_modes', 'E', len(p['modes.bias'])), floats('event_arguments', 'E', 'T', len(ROLES) + 1)])


def export(a):
    """Writes the event reader into the network, in the place of an earlier one."""
    saved = torch.load(os.path.join(a.work, a.name))
    if a.start:  # the mean of two readers, of which one went on from the other
        other = torch.load(os.path.join(a.work, a.start))['model']
        saved['model'] = {k: (v + other[k]) / 2 for k, v in saved['model'].items()}
    modes, shared = saved['modes'], saved['shared']
    model = EventReader(len(modes), shared=shared)
    model.load_state_dict(saved['model'])
    windows = random.Random(0).sample(pickle.load(open(os.path.join(a.work, a.data), 'rb'))['train'], 64)
    encoder = Encoder(0.0)
    restore.encoder(a.network, encoder)
    features(windows, encoder, shared)
    model.eval()

    def run():
        for w in windows:
            h, own = w['h'].float()[None], w['t'].float()[None]
            model.tokens(h, torch.ones(h.shape[:2], dtype=torch.bool), torch.tensor([w['first']]), torch.tensor([w['last']]), own)

    seen = calibration(model.layers, run)
    p = {k: v.float().numpy() for k, v in saved['model'].items()}
    network = onnx.load(a.network)
    graph = network.graph
    ours = lambda name: name.startswith(MARK) or name.startswith('event_')
    for field in (graph.node, graph.initializer, graph.input, graph.output):
        keep = [n for n in field if not ours(n.name)]
        del field[:]
        field.extend(keep)
    norms = [n.output[0] for n in graph.node if n.op_type == 'LayerNormalization']
    g = Graph(True, MARK)
    x = norms[2 * shared]
    for i in range(LAYERS - shared):
        x = layer(g, lambda n: p[f'layers.{i}.{n}'], x, seen[i])
    t = g.op('Mul', g.op('Add', g.op('Gather', x, 'first'), g.op('Gather', x, 'last')), g.const(np.float32(0.5)))
    g.op('Add', t, g.linear('tokens', p['join.weight'], p['join.bias']), name=TOKENS)
    export_heads(g, graph, p)
    onnx.checker.check_model(network)
    save(network, a.out)
    path = os.path.join(a.out, 'labels.json')
    labels = json.load(open(path))
    labels.update(event_types=TYPES, event_status=STATUS, event_modes=modes, commitments=COMMITMENTS)
    json.dump(labels, open(path, 'w'), ensure_ascii=False, indent=0)
    print('wrote', a.out, os.path.getsize(os.path.join(a.out, 'model.onnx.data')), 'bytes of weights')


def weigh(a):
    """The weights that join model and lexicon (learned.rs), from what the example `event_evidence` printed: a logistic regression."""
    rows = [line.rstrip('\n').split('\t') for line in open(a.evidence)]
    x = torch.tensor([[1.0] + [float(v) for v in r[5:]] for r in rows])
    y = torch.tensor([float(r[3]) for r in rows])

    def fit(keep):
        w = torch.zeros(x.shape[1], requires_grad=True)
        optimizer = torch.optim.LBFGS([w], max_iter=200)

        def closure():
            optimizer.zero_grad()
            loss = F.binary_cross_entropy_with_logits(x[keep] @ w, y[keep]) + 1e-4 * (w ** 2).sum()
            loss.backward()
            return loss

        optimizer.step(closure)
        return w.detach()

    # Held out by report: how well calibrated the joint score is.
    fold = torch.tensor([zlib.crc32(r[0].encode()) % 5 for r in rows])
    p = torch.zeros(len(rows))
    for k in range(5):
        p[fold == k] = torch.sigmoid(x[fold == k] @ fit(fold != k))
    for lo in torch.arange(0, 1, 0.1):
        i = (p >= lo) & (p < lo + 0.1)
        print(f'score {float(lo):.1f}: n {int(i.sum())}, right {float(y[i].mean()):.3f}')
    print([round(float(v), 3) for v in fit(torch.ones(len(rows), dtype=torch.bool))])


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument('step', choices=['prepare', 'train', 'export', 'weigh'])
    p.add_argument('--work', default='.')
    p.add_argument('--train', nargs='*', default=[])
    p.add_argument('--more', nargs='*', default=[], help='further training records (annotations/*.jsonl)')
    p.add_argument('--bench', help='the folder of the corpora that --more annotates')
    p.add_argument('--dev', nargs='*', default=[])
    p.add_argument('--network', default='models/english/model.onnx')
    p.add_argument('--shared', type=int, default=SHARED)
    p.add_argument('--epochs', type=float, default=10)
    p.add_argument('--last', type=float, default=0.25, help='for this part of the steps, only the windows of --train are used, not those of --more')
    p.add_argument('--every', type=int, default=4)
    p.add_argument('--bf16', action='store_true', help='for processors that compute in bf16')
    p.add_argument('--batch', type=int, default=1500, help='word pieces in a batch')
    p.add_argument('--lr', type=float, default=2e-4)
    p.add_argument('--head-lr', type=float, default=1e-3)
    p.add_argument('--seed', type=int, default=7)
    p.add_argument('--threads', type=int, default=2)
    p.add_argument('--data', default='events.pkl')
    p.add_argument('--evidence', help='what event_evidence printed')
    p.add_argument('--out', default='models/english')
    p.add_argument('--name', default='events.pt')
    p.add_argument('--start', help='an event reader to go on from, in the work folder; for export, one to take the mean with')
    a = p.parse_args()
    if a.step == 'prepare':
        root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
        more = [with_texts(jsonl(path), a.bench) for path in a.more]
        data = {'train': prepare(map(jsonl, a.train), root) + [dict(w, more=True) for w in prepare(more, root)],
                'dev': prepare(map(jsonl, a.dev), root)}
        print({k: (len(v), sum(len(w['events']) for w in v)) for k, v in data.items()})
        pickle.dump(data, open(os.path.join(a.work, 'events.pkl'), 'wb'))
    elif a.step == 'train':
        train(a)
    elif a.step == 'export':
        export(a)
    else:
        weigh(a)


if __name__ == '__main__':
    main()
