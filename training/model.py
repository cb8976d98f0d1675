"""The reader: one MiniLM encoder over word pieces, heads over tokens.

Shapes: B windows, N word pieces, T tokens, C cues (anchors), D = 384.
The attribution graph: `anchor` scores every token as the anchor (first telling word) of a cue; `pairs` scores, for each
given anchor, every token of the window as part of that cue's content, source, and of the cue itself.
"""
import math

import torch
import torch.nn.functional as F
from torch import nn

LAYERS, WIDTH, HEADS, INNER = 6, 384, 12, 1536
FEATURES = 30          # case x start of sentence or paragraph x inside quotation marks, see crates/language/src/pieces.rs
ARC, LABEL, PAIR = 256, 128, 96
DILATIONS = (1, 2, 4, 8)
NEAR, BUCKETS = 8, 40  # relative distance: exact up to NEAR, logarithmic beyond


def distance_buckets(anchors, tokens):
    """anchors [C], tokens [T] -> bucket of (token - anchor) in 0..BUCKETS, [C, T]."""
    d = tokens[None, :] - anchors[:, None]
    far = d.abs().clamp(min=1).float()
    step = NEAR + (torch.log(far / NEAR).clamp(min=0) * 4).floor().long()
    size = torch.where(d.abs() < NEAR, d.abs(), step).clamp(max=BUCKETS // 2 - 1)
    return torch.where(d < 0, BUCKETS // 2 + size, size)


class Dropout(nn.Module):
    """Dropout whose masks are stretches, from random places, of one long random mask: drawing each anew costs a tenth of a step."""

    pools = {}

    def __init__(self, rate):
        super().__init__()
        self.rate = rate

    def forward(self, x):
        if not self.training or self.rate == 0:
            return x
        n = x.numel()
        key = (self.rate, x.dtype)
        if key not in self.pools or len(self.pools[key]) < 2 * n:
            keep = torch.rand(max(1 << 25, 2 * n)) >= self.rate
            self.pools[key] = (keep / (1 - self.rate)).to(x.dtype)
        pool = self.pools[key]
        start = int(torch.randint(len(pool) - n, (1,)))
        return x * pool[start:start + n].view(x.shape)


class Layer(nn.Module):
    def __init__(self, dropout):
        super().__init__()
        self.query, self.key, self.value = (nn.Linear(WIDTH, WIDTH) for _ in range(3))
        self.out = nn.Linear(WIDTH, WIDTH)
        self.norm1 = nn.LayerNorm(WIDTH, eps=1e-12)
        self.up, self.down = nn.Linear(WIDTH, INNER), nn.Linear(INNER, WIDTH)
        self.norm2 = nn.LayerNorm(WIDTH, eps=1e-12)
        self.dropout = Dropout(dropout)

    def forward(self, x, mask):
        b, n, _ = x.shape
        heads = lambda y: y.view(b, n, HEADS, WIDTH // HEADS).transpose(1, 2)
        # Written out: on a CPU in bf16 the fused kernel's backward pass takes several times as long.
        scores = (heads(self.query(x)) * (WIDTH // HEADS) ** -0.5) @ heads(self.key(x)).transpose(2, 3)
        a = torch.softmax(scores + mask, -1, dtype=scores.dtype) @ heads(self.value(x))
        a = self.out(a.transpose(1, 2).reshape(b, n, WIDTH))
        x = self.norm1(x + a)
        h = self.down(F.gelu(self.up(x)))
        return self.norm2(x + self.dropout(h))


class Encoder(nn.Module):
    def __init__(self, dropout):
        super().__init__()
        self.words = nn.Embedding(30522, WIDTH)
        self.positions = nn.Embedding(512, WIDTH)
        self.features = nn.Embedding(FEATURES, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.layers = nn.ModuleList(Layer(dropout) for _ in range(LAYERS))
        self.dropout = Dropout(dropout)
        nn.init.zeros_(self.features.weight)

    def outputs(self, ids, features, mask):
        """What each layer gives, [B, N, D]."""
        x = self.words(ids) + self.positions.weight[: ids.shape[1]] + self.features(features)
        x = self.dropout(self.norm(x))
        mask = torch.zeros(mask.shape, dtype=torch.bfloat16 if torch.is_autocast_enabled('cpu') else x.dtype).masked_fill(~mask, -1e4)[:, None, None, :]
        out = []
        for layer in self.layers:
            x = layer(x, mask)
            out.append(x)
        return out

    def forward(self, ids, features, mask):
        return self.outputs(ids, features, mask)[-1]

    def load_minilm(self, path):
        """Takes the weights of sentence-transformers/all-MiniLM-L6-v2 (BERT layout) from a safetensors file."""
        from safetensors.torch import load_file
        w = {k.removeprefix('bert.'): v for k, v in load_file(path).items()}
        e = 'embeddings.'
        self.words.weight.data.copy_(w[e + 'word_embeddings.weight'])
        self.positions.weight.data.copy_(w[e + 'position_embeddings.weight'] + w[e + 'token_type_embeddings.weight'][0])
        names = {'query': 'attention.self.query', 'key': 'attention.self.key', 'value': 'attention.self.value',
                 'out': 'attention.output.dense', 'norm1': 'attention.output.LayerNorm', 'up': 'intermediate.dense',
                 'down': 'output.dense', 'norm2': 'output.LayerNorm'}
        self.norm.weight.data.copy_(w[e + 'LayerNorm.weight'])
        self.norm.bias.data.copy_(w[e + 'LayerNorm.bias'])
        for i, layer in enumerate(self.layers):
            for ours, theirs in names.items():
                for part in ('weight', 'bias'):
                    getattr(getattr(layer, ours), part).data.copy_(w[f'encoder.layer.{i}.{theirs}.{part}'])


class Pairs(nn.Module):
    """For each anchor, a convolution over the window's tokens, seen from that anchor."""

    def __init__(self):
        super().__init__()
        self.anchor, self.token = nn.Linear(WIDTH, 2 * PAIR), nn.Linear(WIDTH, 2 * PAIR)
        self.distance = nn.Embedding(BUCKETS, PAIR)
        self.marks = nn.Parameter(torch.zeros(4, PAIR))
        self.convolutions = nn.ModuleList(nn.Conv1d(PAIR, PAIR, 3, padding=d, dilation=d) for d in DILATIONS)
        self.out = nn.Linear(PAIR, 3)

    def forward(self, anchors, tokens, marks, buckets, mask):
        """anchors [C, D], tokens [C, T, D], marks [C, T, 4] (how likely a token is an anchor, and in any content, source, cue),
        buckets [C, T], mask [C, T] -> [C, T, 3]."""
        a_sum, a_product = self.anchor(anchors)[:, None, :].chunk(2, -1)
        t_sum, t_product = self.token(tokens).chunk(2, -1)
        x = a_sum + t_sum + a_product * t_product + self.distance(buckets) + marks @ self.marks
        keep = mask[..., None].to(x.dtype)
        x = F.gelu(x) * keep
        for convolution in self.convolutions:
            y = convolution(x.transpose(1, 2)).transpose(1, 2)
            x = (x + F.gelu(y)) * keep
        return self.out(x)


def ends(h, first, last):
    """Pieces [B, N, D] -> tokens [B, T, D]: the mean of a token's first and last piece."""
    pick = lambda i: torch.gather(h, 1, i[..., None].expand(-1, -1, WIDTH))
    return (pick(first) + pick(last)) * 0.5


class Reader(nn.Module):
    def __init__(self, upos, lemmas, deprels, names, dropout=0.1):
        super().__init__()
        self.encoder = Encoder(dropout)
        self.dropout, self.strong = Dropout(dropout), Dropout(0.25)
        self.upos, self.lemma, self.names = nn.Linear(WIDTH, upos), nn.Linear(WIDTH, lemmas), nn.Linear(WIDTH, names)
        self.arc_dependent, self.arc_head = nn.Linear(WIDTH, ARC), nn.Linear(WIDTH, ARC)
        self.arc = nn.Parameter(torch.eye(ARC) / math.sqrt(ARC))
        self.arc_bias = nn.Linear(ARC, 1)
        self.root = nn.Parameter(torch.randn(WIDTH) * 0.02)
        self.label_dependent, self.label_head = nn.Linear(WIDTH, 2 * LABEL), nn.Linear(WIDTH, 2 * LABEL)
        self.label = nn.Linear(LABEL, deprels)
        self.marks_inner, self.marks = nn.Linear(WIDTH, 128), nn.Linear(128, 4)
        self.pairs = Pairs()

    def tokens(self, ids, features, mask, first, last):
        """-> [B, T, D]"""
        return self.dropout(ends(self.encoder(ids, features, mask), first, last))

    def mark(self, t):
        """-> [B, T, 4]: logits of being the anchor of a cue, and of being in any content, source and cue."""
        return self.marks(F.gelu(self.marks_inner(t)))

    def arcs(self, t):
        """-> [B, T, 1 + T]: score of each head (column 0 is the root) for each token."""
        b = t.shape[0]
        drop = lambda x: self.strong(F.gelu(x))
        heads = drop(self.arc_head(torch.cat([self.root.expand(b, 1, -1).to(t.dtype), t], 1)))
        dependents = drop(self.arc_dependent(t))
        return dependents @ self.arc @ heads.transpose(1, 2) + self.arc_bias(heads).transpose(1, 2)

    def labels(self, t, heads):
        """Scores of labels for given heads [B, T] (0 is the root) -> [B, T, deprels]."""
        b = t.shape[0]
        sides = self.label_head(torch.cat([self.root.expand(b, 1, -1).to(t.dtype), t], 1))
        h_sum, h_product = torch.gather(sides, 1, heads[..., None].expand(-1, -1, 2 * LABEL)).chunk(2, -1)
        d_sum, d_product = self.label_dependent(t).chunk(2, -1)
        return self.label(self.strong(F.relu(d_sum + h_sum + d_product * h_product)))

    def graph(self, t, token_mask, marks, where, anchors):
        """marks [B, T, 4] (logits), where [C] (window of each cue), anchors [C] (token) -> [C, T, 3]: content, source, cue."""
        buckets = distance_buckets(anchors, torch.arange(t.shape[1]))
        return self.pairs(t[where, anchors], t[where], torch.sigmoid(marks)[where], buckets, token_mask[where])


def learn(model, loss, optimizer, scheduler):
    """One step."""
    optimizer.zero_grad(set_to_none=True)
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 5.0)
    optimizer.step()
    scheduler.step()
