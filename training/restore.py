"""Reads the encoder of a shipped network back into weights to train on.

The int8 weights become f32 again (they differ from those that were exported by rounding); what the export divided is put back.
"""
import numpy as np
import onnx
import torch
from onnx import numpy_helper

from model import HEADS, LAYERS


class Walk:
    """The network's nodes, in the order in which `export.py` wrote them."""

    def __init__(self, path):
        graph = onnx.load(path).graph
        self.weights = {w.name: numpy_helper.to_array(w) for w in graph.initializer}
        self.nodes, self.at = list(graph.node), 0

    def next(self, kind):
        """The next node of a kind, and the constants that enter it."""
        while self.nodes[self.at].op_type != kind:
            self.at += 1
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


def encoder(path, model):
    """Fills a model.Encoder with the weights of a shipped network."""
    w, p = Walk(path), {}

    def put(name, pair):
        p[name + '.weight'], p[name + '.bias'] = pair

    words = w.weights['words'].astype(np.float32) * w.weights['word_scales']
    p['words.weight'], p['features.weight'] = words, w.weights['looks']
    p['positions.weight'] = np.concatenate([w.weights['places'], np.zeros((512 - len(w.weights['places']), words.shape[1]), np.float32)])
    norm = lambda: w.next('LayerNormalization')[1]
    put('norm', norm())
    for i in range(LAYERS):
        at = f'layers.{i}.'
        weight, bias = w.linear()
        scale = (words.shape[1] // HEADS) ** 0.5
        parts = lambda y: y.reshape(HEADS, 3, -1, *y.shape[1:]).swapaxes(0, 1).reshape(3, -1, *y.shape[1:])   # a head's three stand side by side
        for n, (part, b, by) in zip(('query', 'key', 'value'), zip(parts(weight), parts(bias), (scale, 1, 1))):
            put(at + n, (part * by, b * by))
        put(at + 'out', w.linear())
        put(at + 'norm1', norm())
        divided = w.next('Mul')[1][0]                      # 1 / divisor
        few, few_bias = w.plain()
        few_down, down_bias = w.plain()
        many, many_bias = w.linear()
        many_down, _ = w.linear(bias=False)
        put(at + 'up', (np.concatenate([few, many * divided]), np.concatenate([few_bias, many_bias])))
        put(at + 'down', (np.concatenate([few_down, many_down], 1), down_bias))
        put(at + 'norm2', norm())
    state = {k: torch.tensor(np.ascontiguousarray(v)) for k, v in p.items()}
    model.load_state_dict(state)
