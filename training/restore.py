"""Reads a shipped network back into weights to train on.

The int8 weights become f32 again (they differ from those that were exported by rounding); what the export divided is put back.
"""
import numpy as np
import onnx
import torch
from onnx import numpy_helper

from model import DILATIONS, HEADS, LAYERS, WIDTH


class Walk:
    """The network's nodes, in the order in which `export.py` wrote them."""

    def __init__(self, path):
        graph = onnx.load(path).graph
        self.weights = {w.name: numpy_helper.to_array(w) for w in graph.initializer}
        self.nodes, self.at = list(graph.node), 0

    def seek(self, mark):
        """Goes to the first node whose name begins with `mark`."""
        self.at = next((i for i, n in enumerate(self.nodes) if n.name.startswith(mark)), None)
        if self.at is None:
            raise SystemExit(f'the network has no node {mark}…')
        return self

    def next(self, kind):
        """The next node of a kind, and the constants that enter it."""
        while self.nodes[self.at].op_type != kind:
            self.at += 1
            if self.at == len(self.nodes):
                raise SystemExit(f'the network has no further {kind}')
        self.at += 1
        node = self.nodes[self.at - 1]
        return node, [self.weights[i] for i in node.input if i in self.weights]

    def linear(self, bias=True):
        """An int8 linear map as (weight [out, in], bias), with f32 weights."""
        q, _ = self.next('MatMulInteger')[1]
        scale = self.next('Mul')[1][0]
        return (q.astype(np.float32) * scale).T, self.next('Add')[1][0] if bias else None

    def plain(self, bias=True):
        w = self.next('MatMul')[1][0]
        return w.T, self.next('Add')[1][0] if bias else None

    def norm(self):
        return self.next('LayerNormalization')[1]


def walk_layer(w, put, at):
    """The next layer of an encoder, given to `put` by names that begin with `at`."""
    weight, bias = w.linear()
    scale = (WIDTH // HEADS) ** 0.5
    parts = lambda y: y.reshape(HEADS, 3, -1, *y.shape[1:]).swapaxes(0, 1).reshape(3, -1, *y.shape[1:])   # a head's three stand side by side
    for n, (part, b, by) in zip(('query', 'key', 'value'), zip(parts(weight), parts(bias), (scale, 1, 1))):
        put(at + n, (part * by, b * by))
    put(at + 'out', w.linear())
    put(at + 'norm1', w.norm())
    divided = w.next('Mul')[1][0]                      # 1 / divisor
    few, few_bias = w.plain()
    few_down, down_bias = w.plain()
    many, many_bias = w.linear()
    many_down, _ = w.linear(bias=False)
    put(at + 'up', (np.concatenate([few, many * divided]), np.concatenate([few_bias, many_bias])))
    put(at + 'down', (np.concatenate([few_down, many_down], 1), down_bias))
    put(at + 'norm2', w.norm())


def tensors(p):
    """Arrays as torch has them."""
    return {k: torch.tensor(np.ascontiguousarray(v)) for k, v in p.items()}


def collector(p):
    """Puts pairs of a weight and a bias into `p`."""
    def put(name, pair):
        p[name + '.weight'] = pair[0]
        if pair[1] is not None:
            p[name + '.bias'] = pair[1]
    return put


def walk_encoder(w, p):
    """The encoder at the beginning of a network."""
    put = collector(p)
    words = w.weights['words'].astype(np.float32) * w.weights['word_scales']
    p['words.weight'], p['features.weight'] = words, w.weights['looks']
    p['positions.weight'] = np.concatenate([w.weights['places'], np.zeros((512 - len(w.weights['places']), WIDTH), np.float32)])
    put('norm', w.norm())
    for i in range(LAYERS):
        walk_layer(w, put, f'layers.{i}.')


def encoder(path, model):
    """Fills a model.Encoder with the weights of a shipped network."""
    p = {}
    walk_encoder(Walk(path), p)
    model.load_state_dict(tensors(p))


def cut(w):
    """The next linear map whose outcome is cut in parts: (weight, bias) of each, by its name."""
    weight, bias = w.linear()
    node, (sizes,) = w.next('Split')
    at = np.cumsum(sizes)[:-1]
    return dict(zip(node.output, zip(np.split(weight, at), np.split(bias, at))))


def root_of(p, arcs, labels):
    """The root's vector, of which the network has only what the maps of arcs (after GELU) and labels make of it: the shortest that fits
    the second and, where GELU can be turned back, the first."""
    x = np.linspace(0, 30, 300001)
    y = torch.nn.functional.gelu(torch.tensor(x)).numpy()
    sure = arcs > 0.05
    w = np.concatenate([p['label_head.weight'], p['arc_head.weight'][sure]])
    b = np.concatenate([labels - p['label_head.bias'], np.interp(arcs[sure], y, x) - p['arc_head.bias'][sure]])
    return np.linalg.lstsq(w, b, rcond=1e-3)[0].astype(np.float32)


def reader(path, model):
    """Fills a model.Reader (its map of names apart) with the weights of a network."""
    w, p = Walk(path), {}
    walk_encoder(w, p)
    p = {'encoder.' + k: v for k, v in p.items()}
    put = collector(p)
    parts = {'arc_d': 'arc_dependent', 'arc_h': 'arc_head', 'label_dependents': 'label_dependent', 'label_own': 'label_head',
             'marks_i': 'marks_inner', 'pair_tokens': 'pairs.token'}
    for name, pair in cut(w).items():
        if not name.startswith('names'):
            put(parts.get(name, name), pair)
    arc_root = w.next('Concat')[1][0][0]
    p['arc'] = w.next('MatMul')[1][0]
    w.next('MatMul')                                   # dependents by heads
    put('arc_bias', w.plain())
    p['root'] = root_of(p, arc_root, w.next('Concat')[1][0][0])
    put('marks', w.plain())
    put('label', w.plain())
    put('pairs.anchor', w.plain())
    p['pairs.marks'] = w.next('MatMul')[1][0]
    p['pairs.distance.weight'] = w.next('Gather')[1][0]
    walk_convolutions(w, put, 'pairs.convolutions.', len(DILATIONS))
    put('pairs.out', w.plain())
    missing, unexpected = model.load_state_dict(tensors(p), strict=False)
    assert not unexpected and all(k.startswith('names.') for k in missing), (missing, unexpected)


def walk_convolutions(w, put, at, count):
    """The next convolutions, given to `put` by names that begin with `at`."""
    for i in range(count):
        weight, bias = w.plain()
        put(f'{at}{i}', (np.stack(np.split(weight, 3, 1), 2), bias))


def events(path, model):
    """Fills an events.EventReader with the weights of a network in which it has layers of its own."""
    w, p = Walk(path).seek('e_'), {}
    put = collector(p)
    for i in range(len(model.layers)):
        walk_layer(w, put, f'layers.{i}.')
    put('join', w.linear())
    for name, pair in cut(w).items():
        put({'event_inner': 'inner', 'event_told': 'told', 'event_pair_tokens': 'arguments.token'}[name], pair)
    for name in ('types', 'commitments', 'status', 'modes', 'arguments.anchor'):
        put(name, w.plain())
    p['arguments.kind.weight'] = w.next('Gather')[1][0]
    p['arguments.distance.weight'] = w.next('Gather')[1][0]
    walk_convolutions(w, put, 'arguments.convolutions.', len(model.arguments.convolutions))
    put('arguments.out', w.plain())
    model.load_state_dict(tensors(p))


def names(path, model):
    """Fills a names.Names with the weights of a network."""
    w, p = Walk(path).seek('names_'), {}
    put = collector(p)
    put('inner', w.plain())
    put('straight', w.plain())
    put('out', (w.plain(bias=False)[0], np.zeros(len(p['straight.bias']), np.float32)))
    model.load_state_dict(tensors(p))
