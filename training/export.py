"""Step 4. Writes the trained reader as one ONNX file: python export.py --work DIR --out models/english [--f32]

The graph is written node by node, unpadded and without a batch dimension, with per-channel int8 weights and dynamically
quantised activations where --f32 does not say otherwise. It is run in three parts. From ids, features, positions [N] and first,
last [T] (a token's first and last piece): upos, lemma, names [T, labels]; arcs [T, 1 + T]; marks [T, 4]; label_dependents [T, 2 * LABEL]
and label_heads [1 + T, 2 * LABEL]; tokens and pair_tokens. From label_dependents, label_heads and heads [T] (0 the root): labels [T, deprels].
From tokens, pair_tokens, marks, anchors [C] and buckets [C, T]: graph [C, T, 3].
"""
import argparse
import json
import os
import pickle
import random
import shutil

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

from model import ARC, DILATIONS, HEADS, LABEL, LAYERS, PAIR, WIDTH, Reader


class Graph:
    def __init__(self, int8, prefix=''):
        self.nodes, self.weights, self.int8, self.quantised, self.prefix = [], [], int8, {}, prefix
        self.count = 0

    def const(self, array, name=None):
        name = name or f'{self.prefix}c{len(self.weights)}'
        array = np.asarray(array)
        if array.dtype == np.float64:
            array = array.astype(np.float32)
        self.weights.append(numpy_helper.from_array(array, name))
        return name

    def op(self, kind, *inputs, name=None, outputs=1, **attributes):
        self.count += 1
        names = [name or f'{self.prefix}v{self.count}'] if outputs == 1 else [f'{self.prefix}v{self.count}_{i}' for i in range(outputs)]
        self.nodes.append(helper.make_node(kind, list(inputs), names, name=f'{self.prefix}n{self.count}', **attributes))
        return names[0] if outputs == 1 else names

    def linear(self, x, weight, bias, int8=True, name=None):
        """x @ weight.T + bias; weight [out, in] as in PyTorch."""
        w = weight.T
        if not (int8 and self.int8):
            y = self.op('MatMul', x, self.const(w.astype(np.float32)), name=None if bias is not None else name)
        else:
            scale = np.maximum(np.abs(w).max(0), 1e-8) / 127
            q = np.clip(np.rint(w / scale), -127, 127).astype(np.int8)
            if x not in self.quantised:
                self.quantised[x] = self.op('DynamicQuantizeLinear', x, outputs=3)
            xq, xs, xz = self.quantised[x]
            y = self.op('MatMulInteger', xq, self.const(q), xz, self.const(np.zeros(w.shape[1], np.int8)))
            y = self.op('Cast', y, to=TensorProto.FLOAT)
            y = self.op('Mul', y, self.op('Mul', xs, self.const(scale.astype(np.float32))))
        return y if bias is None else self.op('Add', y, self.const(bias.astype(np.float32)), name=name)

    def norm(self, x, w, b):
        return self.op('LayerNormalization', x, self.const(w), self.const(b), axis=-1, epsilon=1e-12)

    def gelu(self, x):
        return self.op('Gelu', x)


OUTLIERS = 8           # units of a layer's wide middle that are computed apart, in f32


def calibration(layers, run):
    """Largest magnitudes of what enters `up` and `down` of each of some layers while `run()` reads some windows: [(up [WIDTH], down [INNER])]."""
    seen = {}

    def watch(key):
        def hook(_, inputs):
            seen[key] = np.maximum(seen.get(key, 0), inputs[0].detach().abs().flatten(0, -2).amax(0).numpy())
        return hook

    hooks = [getattr(layer, part).register_forward_pre_hook(watch((i, part))) for i, layer in enumerate(layers) for part in ('up', 'down')]
    with torch.no_grad():
        run()
    for hook in hooks:
        hook.remove()
    return [(seen[i, 'up'], seen[i, 'down']) for i in range(len(layers))]


def layer(g, w, x, seen, gate=lambda part: True):
    """One layer of the encoder. w: its weights by name; seen: of `calibration`, None where all stays in f32; gate: whether a part may be int8."""
    # The attention operator takes the three of a head side by side, and scales nothing: the queries' weights are scaled.
    scale = (WIDTH // HEADS) ** -0.5
    beside = lambda q, k, v: np.stack([y.reshape(HEADS, -1, *y.shape[1:]) for y in (q * scale, k, v)], 1).reshape(3 * WIDTH, *q.shape[1:])
    qkv = g.linear(x, beside(w('query.weight'), w('key.weight'), w('value.weight')),
                   beside(w('query.bias'), w('key.bias'), w('value.bias')), gate('qkv'))
    qkv = g.op('Reshape', qkv, g.const(np.array([1, -1, HEADS, 3, WIDTH // HEADS], np.int64)))
    a = g.op('MultiHeadAttention', qkv, domain='com.microsoft', num_heads=HEADS, scale=1.0)
    a = g.op('Reshape', a, g.const(np.array([-1, WIDTH], np.int64)))
    a = g.linear(a, w('out.weight'), w('out.bias'), gate('out'))
    x = g.norm(g.op('Add', x, a), w('norm1.weight'), w('norm1.bias'))
    up, up_bias, down = w('up.weight'), w('up.bias'), w('down.weight')
    smooth, apart = x, None
    if seen is not None:
        widest, reach = seen
        divisor = np.maximum(1, widest / np.sort(widest)[-OUTLIERS]).astype(np.float32)
        smooth = g.op('Mul', x, g.const(1 / divisor))
        order = np.argsort(reach)
        few, many = order[-OUTLIERS:], np.sort(order[:-OUTLIERS])
        apart = g.gelu(g.linear(x, up[few], up_bias[few], False))
        apart = g.linear(apart, down[:, few], w('down.bias'), False)
        up, up_bias, down = (up * divisor)[many], up_bias[many], down[:, many]
    h = g.gelu(g.linear(smooth, up, up_bias, gate('up')))
    h = g.linear(h, down, None if seen is not None else w('down.bias'), gate('down'))
    x = g.op('Add', g.op('Add', x, apart), h) if seen is not None else g.op('Add', x, h)
    return g.norm(x, w('norm2.weight'), w('norm2.bias'))


def convolution(g, y, w, b, d, int8):
    """A dilated convolution of three over the second axis of y [C, T, width], added to it; w [out, in, 3]."""
    axis, far = g.const(np.array([1], np.int64)), g.const(np.array([2**31 - 1], np.int64))
    padded = g.op('Pad', y, g.const(np.array([0, d, 0, 0, d, 0], np.int64)), g.const(np.float32(0)))
    at = lambda n: g.const(np.array([n], np.int64))
    left = g.op('Slice', padded, at(0), at(-2 * d), axis)
    right = g.op('Slice', padded, at(2 * d), far, axis)
    three = g.op('Concat', left, y, right, axis=2)
    z = g.linear(three, np.concatenate([w[:, :, 0], w[:, :, 1], w[:, :, 2]], 1), b, int8)
    return g.op('Add', y, g.gelu(z))


def build(p, labels, int8, keep, seen, names=0):
    """p: state dict as numpy arrays; names: how many tags of names there are, where `p` has no map of names; keep: parts left in f32, of qkv, out, up, down, heads, pairs; seen: of `calibration`.

    One scale serves a whole tensor of activations, so a single large channel costs all others their precision. What enters `up`
    has its largest channels divided by a constant that its weights take back (SmoothQuant, Xiao et al. 2023); the units that
    reach far in what enters `down` are computed apart (as in LLM.int8(), Dettmers et al. 2022, but the same units always)."""
    g = Graph(int8)
    gate = lambda part: part not in keep
    words = p['encoder.words.weight']
    if int8:                                                  # a row's own scale; 12 MB instead of 47
        scale = np.maximum(np.abs(words).max(1, keepdims=True), 1e-8) / 127
        words = g.op('Cast', g.op('Gather', g.const(np.rint(words / scale).astype(np.int8), 'words'), 'ids'), to=TensorProto.FLOAT)
        words = g.op('Mul', words, g.op('Gather', g.const(scale.astype(np.float32), 'word_scales'), 'ids'))
    else:
        words = g.op('Gather', g.const(words, 'words'), 'ids')
    x = g.op('Add', words, g.op('Gather', g.const(p['encoder.positions.weight'][:256], 'places'), 'positions'))
    x = g.op('Add', x, g.op('Gather', g.const(p['encoder.features.weight'], 'looks'), 'features'))
    x = g.norm(x, p['encoder.norm.weight'], p['encoder.norm.bias'])
    for i in range(LAYERS):
        x = layer(g, lambda n: p[f'encoder.layers.{i}.{n}'], x, seen[i] if int8 else None, gate)
    t = g.op('Mul', g.op('Add', g.op('Gather', x, 'first'), g.op('Gather', x, 'last')), g.const(np.float32(0.5)), name='tokens')

    named = 'names.weight' in p                                # else names are told by what comes after (joint.py)
    parts = ['upos', 'lemma', 'names', 'arc_dependent', 'arc_head', 'label_dependent', 'label_head', 'marks_inner', 'pairs.token']
    parts = [n for n in parts if named or n != 'names']
    sizes = [p[n + '.weight'].shape[0] for n in parts]
    joint = g.linear(t, np.concatenate([p[n + '.weight'] for n in parts]), np.concatenate([p[n + '.bias'] for n in parts]), gate('heads'))
    g.count += 1
    cut = ['upos', 'lemma', 'names', 'arc_d', 'arc_h', 'label_dependents', 'label_own', 'marks_i', 'pair_tokens']
    cut = [n for n in cut if named or n != 'names']
    g.nodes.append(helper.make_node('Split', [joint, g.const(np.array(sizes, np.int64))], cut, axis=1, name='cut'))

    root = lambda name: p['root'] @ p[name + '.weight'].T + p[name + '.bias']
    arc_root = torch.nn.functional.gelu(torch.tensor(root('arc_head')))[None].numpy()
    heads = g.op('Concat', g.const(arc_root), g.gelu('arc_h'), axis=0)
    scores = g.op('MatMul', g.op('MatMul', g.gelu('arc_d'), g.const(p['arc'])), g.op('Transpose', heads, perm=[1, 0]))
    bias = g.op('Transpose', g.linear(heads, p['arc_bias.weight'], p['arc_bias.bias'], False), perm=[1, 0])
    g.op('Add', scores, bias, name='arcs')
    g.op('Concat', g.const(root('label_head')[None]), 'label_own', axis=0, name='label_heads')
    g.linear(g.gelu('marks_i'), p['marks.weight'], p['marks.bias'], False, name='marks')

    # Second run: labels for the heads that the tree has.
    half = g.const(np.array([LABEL, LABEL], np.int64))
    d_sum, d_product = g.op('Split', 'label_dependents', half, outputs=2, axis=1)
    h_sum, h_product = g.op('Split', g.op('Gather', 'label_heads', 'heads'), half, outputs=2, axis=1)
    meeting = g.op('Relu', g.op('Add', g.op('Add', d_sum, h_sum), g.op('Mul', d_product, h_product)))
    g.linear(meeting, p['label.weight'], p['label.bias'], False, name='labels')

    # Third run: the attribution graph.
    seen = g.linear(g.op('Gather', 'tokens', 'anchors'), p['pairs.anchor.weight'], p['pairs.anchor.bias'], False)
    a_sum, a_product = g.op('Split', g.op('Unsqueeze', seen, g.const(np.array([1], np.int64))),
                            g.const(np.array([PAIR, PAIR], np.int64)), outputs=2, axis=2)
    t_sum, t_product = g.op('Split', 'pair_tokens', g.const(np.array([PAIR, PAIR], np.int64)), outputs=2, axis=1)
    own = g.op('Add', t_sum, g.op('MatMul', g.op('Sigmoid', 'marks'), g.const(p['pairs.marks'])))
    y = g.op('Add', g.op('Add', g.op('Mul', a_product, t_product), a_sum), own)
    y = g.gelu(g.op('Add', y, g.op('Gather', g.const(p['pairs.distance.weight']), 'buckets')))
    for i, d in enumerate(DILATIONS):
        y = convolution(g, y, p[f'pairs.convolutions.{i}.weight'], p[f'pairs.convolutions.{i}.bias'], d, gate('pairs'))
    g.linear(y, p['pairs.out.weight'], p['pairs.out.bias'], False, name='graph')

    ints = lambda n, *shape: helper.make_tensor_value_info(n, TensorProto.INT64, shape)
    floats = lambda n, *shape: helper.make_tensor_value_info(n, TensorProto.FLOAT, shape)
    model = helper.make_model(helper.make_graph(
        g.nodes, 'annalist-english',
        [ints('ids', 'N'), ints('features', 'N'), ints('positions', 'N'), ints('first', 'T'), ints('last', 'T'),
         ints('heads', 'T'), ints('anchors', 'C'), ints('buckets', 'C', 'T')],
        [floats('upos', 'T', sizes[0]), floats('lemma', 'T', sizes[1]), floats('names', 'T', sizes[2] if named else names), floats('arcs', 'T', 'H'),
         floats('label_dependents', 'T', 2 * LABEL), floats('label_heads', 'H', 2 * LABEL), floats('marks', 'T', 4),
         floats('labels', 'T', len(labels['deprels'])),
         floats('graph', 'C', 'T', 3)], g.weights), opset_imports=[helper.make_opsetid('', 20), helper.make_opsetid('com.microsoft', 1)], producer_name='annalist')
    model.ir_version = 9
    if named:
        onnx.checker.check_model(model)
    return model


def save(model, out):
    """Writes `model.onnx` and, apart, its large tensors: the program uses these where they are, without copying them. Their lengths have to be
    multiples of four, for what follows; those of int8 vectors are not always."""
    os.makedirs(out, exist_ok=True)
    for name in ('model.onnx', 'model.onnx.data'):
        if os.path.exists(os.path.join(out, name)):
            os.remove(os.path.join(out, name))
    onnx.save(model, os.path.join(out, 'model.onnx'), save_as_external_data=True, all_tensors_to_one_file=True,
              location='model.onnx.data', size_threshold=2048)
    assert all(len(t.raw_data) % 4 == 0 for t in onnx.load(os.path.join(out, 'model.onnx')).graph.initializer if len(t.raw_data) >= 2048)


def main():
    a = argparse.ArgumentParser(description=__doc__)
    a.add_argument('--work', required=True)
    a.add_argument('--out', required=True)
    a.add_argument('--f32', action='store_true', help='no int8 anywhere')
    a.add_argument('--keep', default='pairs', help='parts left in f32, comma-separated: qkv, out, up, down, heads, pairs')
    a = a.parse_args()
    labels = json.load(open(os.path.join(a.work, 'labels.json')))
    state = os.path.join(a.work, 'reader.pt')
    weights = torch.load(state) if os.path.exists(state) else torch.load(os.path.join(a.work, 'checkpoint.pt'), weights_only=False)['model']
    reader = Reader(*(len(labels[k]) for k in ('upos', 'lemmas', 'deprels', 'names')))
    reader.load_state_dict(weights)
    windows = pickle.load(open(os.path.join(a.work, 'data.pkl'), 'rb'))['train']
    reader.eval()

    def run():
        for w in random.Random(0).sample(windows, 64):
            ids = torch.tensor([w['ids']])
            reader.encoder(ids, torch.tensor([w['features']]), torch.ones_like(ids, dtype=torch.bool))

    seen = calibration(reader.encoder.layers, run)
    p = {k: v.float().numpy() for k, v in weights.items()}
    model = build(p, labels, not a.f32, set(a.keep.split(',')), seen)
    save(model, a.out)
    json.dump(labels, open(os.path.join(a.out, 'labels.json'), 'w'), ensure_ascii=False, indent=0)
    shutil.copy(os.path.join(a.work, 'lemmas.tsv'), os.path.join(a.out, 'lemmas.tsv'))
    print('wrote', a.out, os.path.getsize(os.path.join(a.out, 'model.onnx.data')), 'bytes of weights')


if __name__ == '__main__':
    main()
