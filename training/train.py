"""Step 2. Trains the reader: python train.py --work DIR --base MODEL.safetensors [--epochs 6]

Every window carries whichever targets its corpus has; all heads are trained together. Logged to WORK/train.log, resumable
from WORK/checkpoint.pt, seeded.
"""
import argparse
import json
import os
import pickle
import random
import time

import torch
import torch.nn.functional as F

from model import Reader, learn

IGNORE = -100
STRAIGHT = 0.15          # the share of windows whose quotation marks are made straight
CURLY = {1523: 1000, 1524: 1000, 1521: 1005, 1522: 1005}   # “ ” ‘ ’ -> " ' (set from the vocabulary)


def indexer(labels):
    index = {k: {x: i for i, x in enumerate(v)} for k, v in labels.items()}
    return lambda kind, value: IGNORE if value is None else index[kind].get(value, IGNORE)


def pieces(vocabulary):
    """The numbers of the word pieces of a file."""
    return {w: i for i, w in enumerate(open(vocabulary, encoding='utf-8').read().split('\n'))}


def straight_quotes(piece):
    """Sets CURLY from the numbers of word pieces."""
    CURLY.clear()
    CURLY.update({piece[c]: piece[s] for c, s in zip('“”‘’', '""\'\'') if c in piece})


def straightened(ids, share, rng):
    """A window's pieces, their curly quotation marks made straight in a share of cases."""
    return [CURLY.get(p, p) for p in ids] if share and rng.random() < share else ids


def collate(windows, index, straight=0.0, rng=random):
    """Windows -> padded tensors; the cues of all windows are flattened, with `where` telling their window."""
    b, n, t = len(windows), max(len(w['ids']) for w in windows), max(len(w['first']) for w in windows)
    long = lambda *shape, fill=0: torch.full(shape, fill, dtype=torch.long)
    x = {'ids': long(b, n), 'features': long(b, n), 'mask': torch.zeros(b, n, dtype=torch.bool), 'first': long(b, t), 'last': long(b, t),
         'tmask': torch.zeros(b, t, dtype=torch.bool), 'sentence': long(b, t, fill=-1), 'upos': long(b, t, fill=IGNORE),
         'lemma': long(b, t, fill=IGNORE), 'head': long(b, t, fill=IGNORE), 'deprel': long(b, t, fill=IGNORE),
         'names': long(b, t, fill=IGNORE), 'marks': torch.zeros(b, t, 4), 'has_graph': torch.zeros(b, dtype=torch.bool)}
    where, anchors, graph = [], [], []
    for i, w in enumerate(windows):
        ids = straightened(w['ids'], straight, rng)
        k, m = len(ids), len(w['first'])
        x['ids'][i, :k] = torch.tensor(ids)
        x['features'][i, :k] = torch.tensor(w['features'])
        x['mask'][i, :k] = True
        x['first'][i, :m], x['last'][i, :m] = torch.tensor(w['first']), torch.tensor(w['last'])
        x['tmask'][i, :m] = True
        x['sentence'][i, :m] = torch.tensor(w['sentence'])
        if 'upos' in w:
            x['upos'][i, :m] = torch.tensor([index('upos', v) for v in w['upos']])
            x['lemma'][i, :m] = torch.tensor([index('lemmas', v) for v in w['lemma']])
            x['head'][i, :m] = torch.tensor([h if h >= 0 else IGNORE for h in w['head']])
            x['deprel'][i, :m] = torch.tensor([index('deprels', v) for v in w['deprel']])
        if 'names' in w:
            x['names'][i, :m] = torch.tensor([index('names', v) for v in w['names']])
        if 'graph' in w:
            x['has_graph'][i] = True
            for cue in w['graph']:
                x['marks'][i, cue['anchor'], 0] = 1
                for r, role in enumerate(('content', 'source', 'cue')):
                    x['marks'][i, cue[role], r + 1] = 1
                where.append(i)
                anchors.append(cue['anchor'])
                y = torch.zeros(t, 3)
                for r, role in enumerate(('content', 'source', 'cue')):
                    y[cue[role], r] = 1
                graph.append(y)
    x['where'], x['anchors'] = torch.tensor(where, dtype=torch.long), torch.tensor(anchors, dtype=torch.long)
    x['graph'] = torch.stack(graph) if graph else torch.zeros(0, t, 3)
    return x


def arc_scores(model, t, x):
    """Arc scores with heads outside the sentence, padding and the token itself ruled out."""
    scores = model.arcs(t).float()
    same = (x['sentence'][:, :, None] == x['sentence'][:, None, :]) & x['tmask'][:, None, :]
    same &= ~torch.eye(t.shape[1], dtype=torch.bool)
    return scores.masked_fill(~F.pad(same, (1, 0), value=True), -1e4)


def losses(model, x, t=None):
    """t: the window's tokens, where they are known."""
    if t is None:
        t = model.tokens(x['ids'], x['features'], x['mask'], x['first'], x['last'])
    out = {}
    entropy = lambda scores, gold: F.cross_entropy(scores.float().flatten(0, -2), gold.flatten(), ignore_index=IGNORE)
    if (x['upos'] != IGNORE).any():
        out['upos'] = entropy(model.upos(t), x['upos'])
        out['lemma'] = entropy(model.lemma(t), x['lemma'])
        i = (x['head'] != IGNORE).any(1)
        sub = {k: x[k][i] for k in ('sentence', 'tmask', 'head', 'deprel')}
        out['arc'] = entropy(arc_scores(model, t[i], sub), sub['head'])
        out['label'] = entropy(model.labels(t[i], sub['head'].clamp(min=0)), sub['deprel'])
    if (x['names'] != IGNORE).any():
        out['names'] = entropy(model.names(t), x['names'])
    if x['has_graph'].any():
        marks = model.mark(t).float()
        keep = x['tmask'] & x['has_graph'][:, None]
        cues = max(1, len(x['anchors']))
        each = (F.binary_cross_entropy_with_logits(marks, x['marks'], reduction='none') * keep[..., None]).sum((0, 1)) / cues
        out['anchor'], out['marks'] = each[0], each[1] / 8 + each[2] / 3 + each[3] / 2
        if len(x['anchors']):
            scores = model.graph(t, x['tmask'], marks.detach(), x['where'], x['anchors']).float()
            pair = F.binary_cross_entropy_with_logits(scores, x['graph'], reduction='none') * x['tmask'][x['where']][..., None]
            pair = pair.sum((0, 1)) / cues
            out['content'], out['source'], out['cue'] = pair[0] / 8, pair[1] / 3, pair[2] / 2
    return out


WEIGHT = {'names': 3.0}      # of a loss; the others count as they are
REPEAT = {'attribution': 1, 'ewt': 2.5, 'gum': 2.5, 'crossner': 8, 'ecb': 1}   # how often an epoch sees a corpus


def batches(windows, size, rng, repeat=REPEAT):
    """Batches of about `size` pieces, of windows of about equal length."""
    times = lambda w: int(repeat[w['corpus']]) + (rng.random() < repeat[w['corpus']] % 1)
    order = sorted((i for i, w in enumerate(windows) for _ in range(times(w))), key=lambda i: len(windows[i]['ids']) + rng.random() * 40)
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


def add(sums, losses):
    """Adds losses to sums of them and of their number."""
    for k, v in losses.items():
        s = sums.setdefault(k, [0.0, 0])
        s[0] += v.item()
        s[1] += 1


@torch.no_grad()
def evaluate(model, dev, index, threshold=0.5, tokens=None):
    """Quick figures on dev windows (own tokens only); the program's own scorers give the official ones. tokens: gives those of a batch, where
    the model does not."""
    model.eval()
    report = {}
    for corpus, windows in dev.items():
        c = {k: 0 for k in ('n', 'upos', 'lemma', 'uas', 'las', 'atp', 'ap', 'ag')}
        roles = torch.zeros(3, 3)
        for lo in range(0, len(windows), 16):
            x = collate(windows[lo:lo + 16], index)
            with torch.autocast('cpu', torch.bfloat16, enabled=tokens is None):
                t = tokens(x) if tokens else model.tokens(x['ids'], x['features'], x['mask'], x['first'], x['last'])
            t = t.float()
            own = torch.zeros_like(x['tmask'])
            for i, w in enumerate(windows[lo:lo + 16]):
                own[i, w['own'][0]:w['own'][1]] = True
            if (x['upos'] != IGNORE).any():
                g = own & (x['upos'] != IGNORE)
                c['n'] += g.sum().item()
                c['upos'] += (g & (model.upos(t).argmax(-1) == x['upos'])).sum().item()
                c['lemma'] += (g & (model.lemma(t).argmax(-1) == x['lemma'])).sum().item()
                heads = arc_scores(model, t, x).argmax(-1)
                right = g & (heads == x['head'])
                c['uas'] += right.sum().item()
                c['las'] += (right & (model.labels(t, heads).argmax(-1) == x['deprel'])).sum().item()
            elif (x['names'] != IGNORE).any():
                guess = model.names(t).argmax(-1)
                g = own & (x['names'] != IGNORE)
                c['n'] += g.sum().item()
                c['upos'] += (g & (guess == x['names'])).sum().item()
                c['ap'] += (g & (guess > 0)).sum().item()
                c['ag'] += (g & (x['names'] > 0)).sum().item()
                c['atp'] += (g & (guess > 0) & (guess == x['names'])).sum().item()
            if x['has_graph'].any():
                marks = model.mark(t)
                guess = (torch.sigmoid(marks[..., 0]) > threshold) & own
                gold = (x['marks'][..., 0] > 0) & own
                c['ap'] += guess.sum().item()
                c['ag'] += gold.sum().item()
                c['atp'] += (guess & gold).sum().item()
                if len(x['anchors']):
                    s = model.graph(t, x['tmask'], marks, x['where'], x['anchors']) > 0
                    k = x['tmask'][x['where']][..., None]
                    y = x['graph'] > 0
                    roles += torch.stack([(s & y & k).sum((0, 1)), (s & k).sum((0, 1)), (y & k).sum((0, 1))])
        f = lambda tp, p, g: round(200 * float(tp) / max(1.0, float(p + g)), 2)
        pct = lambda k: round(100 * c[k] / max(1, c['n']), 2)
        if corpus == 'attribution':
            report[corpus] = {'anchor': f(c['atp'], c['ap'], c['ag']),
                              **{r: f(*roles[:, i]) for i, r in enumerate(('content', 'source', 'cue'))}}
        elif c['ag']:
            report[corpus] = {'token_f1': f(c['atp'], c['ap'], c['ag'])}
        else:
            report[corpus] = {k: pct(k) for k in ('upos', 'lemma', 'uas', 'las')}
    model.train()
    return report


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument('--work', required=True)
    p.add_argument('--base', required=True, help="MiniLM's weights, or a reader.pt to go on from with a schedule of its own")
    p.add_argument('--epochs', type=float, default=4.2)
    p.add_argument('--batch', type=int, default=3000, help='word pieces in a batch')
    p.add_argument('--lr', type=float, default=2e-4)
    p.add_argument('--head-lr', type=float, default=1e-3)
    p.add_argument('--seed', type=int, default=7)
    p.add_argument('--steps', type=int, help='stop after so many steps (for a trial)')
    a = p.parse_args()
    at = lambda f: os.path.join(a.work, f)
    straight_quotes(pieces(os.path.join(os.path.dirname(os.path.abspath(__file__)), '../models/english/vocab.txt')))
    random.seed(a.seed)
    torch.manual_seed(a.seed)
    torch.set_num_threads(2)
    data = pickle.load(open(at('data.pkl'), 'rb'))
    labels = json.load(open(at('labels.json')))
    index = indexer(labels)
    model = Reader(*(len(labels[k]) for k in ('upos', 'lemmas', 'deprels', 'names')))
    if a.base.endswith('.pt'):
        model.load_state_dict(torch.load(a.base))
    else:
        model.encoder.load_minilm(a.base)
    encoder = [p for n, p in model.named_parameters() if n.startswith('encoder.') and 'features' not in n]
    heads = [p for n, p in model.named_parameters() if not n.startswith('encoder.') or 'features' in n]
    optimizer = torch.optim.AdamW([{'params': encoder, 'lr': a.lr}, {'params': heads, 'lr': a.head_lr}], weight_decay=0.01, betas=(0.9, 0.98), fused=True)
    train = data['train']
    rng = random.Random(a.seed)
    per_epoch = len(batches(train, a.batch, random.Random(0)))      # about: repeats are drawn anew each epoch
    total = int(per_epoch * a.epochs)
    rate = lambda s: min(1.0, (s + 1) / (0.06 * total)) * max(0.0, 1 - s / total)
    scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, rate)
    step, log = 0, open(at('train.log'), 'a', buffering=1)
    if os.path.exists(at('checkpoint.pt')):
        c = torch.load(at('checkpoint.pt'), weights_only=False)
        model.load_state_dict(c['model'])
        optimizer.load_state_dict(c['optimizer'])
        scheduler.load_state_dict(c['scheduler'])
        step = c['step']
    say = lambda *m: (print(*m, flush=True), print(*m, file=log))
    say(f'{sum(p.numel() for p in model.parameters()):,} parameters, {len(train)} windows, {per_epoch} steps an epoch, {total} in all')
    model.train()
    queue, epoch, sums, began = [], step // per_epoch, {}, time.time()
    for _ in range(epoch):
        batches(train, a.batch, rng)
    skip = step % per_epoch
    while step < min(total, a.steps or total):
        if not queue:
            queue = batches(train, a.batch, rng)
            del queue[len(queue) - skip:]
            skip = 0
        x = collate([train[i] for i in queue.pop()], index, STRAIGHT, rng)
        with torch.autocast('cpu', torch.bfloat16):
            out = losses(model, x)
        loss = sum(WEIGHT.get(k, 1.0) * v for k, v in out.items())
        learn(model, loss, optimizer, scheduler)
        step += 1
        add(sums, out)
        if step % 50 == 0:
            say(f'step {step}', f'{(time.time() - began) / 50:.2f} s/step', {k: round(s / n, 3) for k, (s, n) in sums.items()})
            sums, began = {}, time.time()
        if step % 400 == 0 or step == total:
            torch.save({'model': model.state_dict(), 'optimizer': optimizer.state_dict(), 'scheduler': scheduler.state_dict(), 'step': step},
                       at('checkpoint.tmp'))
            os.replace(at('checkpoint.tmp'), at('checkpoint.pt'))
        if step == total or (step % per_epoch == 0 and step // per_epoch % 2 == 0):
            say('dev after step', step, evaluate(model, data['dev'], index))
            began = time.time()
    if step >= total:
        torch.save(model.state_dict(), at('reader.pt'))


if __name__ == '__main__':
    main()
