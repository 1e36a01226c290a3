"""The network: the encoder of multilingual-e5-small (a BERT) and a linear head, in PyTorch."""

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional

from scripts.model import weights
from scripts.model.rounding import RoundedLinear

WIDTH, HEADS, LAYERS, POSITIONS = 384, 12, 12, 512
_EPSILON = 1e-12
_HIDDEN = -1e4  # the score of a place that holds no piece
# The parts of a layer, and their names in the file of weights.
_PARTS = {"output": "ao", "norm_1": "aln", "wide": "fi", "narrow": "fo", "norm_2": "oln"}


class Layer(nn.Module):
    """Attention and a feed-forward network, each with a residual and a norm after it."""

    def __init__(self) -> None:
        super().__init__()
        self.attention = RoundedLinear(WIDTH, 3 * WIDTH)  # query, key and value
        self.output = RoundedLinear(WIDTH, WIDTH)
        self.norm_1 = nn.LayerNorm(WIDTH, eps=_EPSILON)
        self.wide = RoundedLinear(WIDTH, 4 * WIDTH)
        self.narrow = RoundedLinear(4 * WIDTH, WIDTH)
        self.norm_2 = nn.LayerNorm(WIDTH, eps=_EPSILON)
        self.dropout = nn.Dropout(0.1)

    def forward(self, hidden: Tensor, mask: Tensor | None) -> Tensor:
        batch, length, _ = hidden.shape
        split = self.attention(hidden).view(batch, length, 3, HEADS, WIDTH // HEADS)
        query, key, value = split.permute(2, 0, 3, 1, 4)
        # Three steps, because Debian's PyTorch computes scaled_dot_product_attention slowly.
        scores = query @ key.transpose(2, 3) / (WIDTH // HEADS) ** 0.5
        shares = (scores if mask is None else scores + mask).softmax(3)
        joined = (self.dropout(shares) @ value).transpose(1, 2).reshape(batch, length, WIDTH)
        hidden = self.norm_1(hidden + self.dropout(self.output(joined)))
        inner = self.narrow(functional.gelu(self.wide(hidden)))
        return self.norm_2(hidden + self.dropout(inner))


class Encoder(nn.Module):
    """Turns ids of pieces into a vector of length 1."""

    def __init__(self, pieces: int) -> None:
        super().__init__()
        self.words = nn.Embedding(pieces, WIDTH)
        self.positions = nn.Parameter(torch.zeros(POSITIONS, WIDTH))
        self.norm = nn.LayerNorm(WIDTH, eps=_EPSILON)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))

    def forward(self, ids: Tensor, lengths: Tensor | None = None) -> Tensor:
        """Return the vectors.

        Args:
            ids: batch × pieces, padded.
            lengths: pieces of each text; None: no text is padded.
        """
        hidden = self.norm(self.words(ids) + self.positions[: ids.shape[1]])
        if lengths is None:
            for layer in self.layers:
                hidden = layer(hidden, None)
            return functional.normalize(hidden.mean(1).float(), dim=1)
        known = torch.arange(ids.shape[1]) < lengths[:, None]
        mask = torch.where(known, 0.0, _HIDDEN)[:, None, None, :]
        for layer in self.layers:
            hidden = layer(hidden, mask)
        mean = (hidden * known[..., None]).sum(1) / lengths[:, None]
        return functional.normalize(mean.float(), dim=1)


class Network(nn.Module):
    """The encoder, and the score of each label; vectors are standardised between them."""

    mean: Tensor
    deviation: Tensor

    def __init__(self, encoder: Encoder, labels: int) -> None:
        super().__init__()
        self.encoder = encoder
        self.head = nn.Linear(WIDTH, labels)
        self.register_buffer("mean", torch.zeros(WIDTH))
        self.register_buffer("deviation", torch.ones(WIDTH))

    def standardised(self, vectors: Tensor) -> Tensor:
        return (vectors - self.mean) / self.deviation / WIDTH**0.5

    def forward(self, ids: Tensor, lengths: Tensor | None = None) -> Tensor:
        """Return the scores, batch × labels; their softmax is the probabilities."""
        scores: Tensor = self.head(self.standardised(self.encoder(ids, lengths)))
        return scores


def base_encoder(tensors: Mapping[str, weights.Tensor], kept: Sequence[int]) -> Encoder:
    """Return the encoder as it was published, with some of its pieces."""
    encoder = Encoder(len(kept))
    state = {
        "words.weight": tensors["emb.word"][list(kept)],
        # E5 reads one text at a time: the vector of the first segment counts at every position.
        "positions": tensors["emb.pos"] + tensors["emb.type"][0],
        "norm.weight": tensors["emb.ln.w"],
        "norm.bias": tensors["emb.ln.b"],
    }
    for layer in range(LAYERS):
        for kind, suffix in (("weight", "w"), ("bias", "b")):
            for name, short in _PARTS.items():
                state[f"layers.{layer}.{name}.{kind}"] = tensors[f"l{layer}.{short}.{suffix}"]
            thirds = [torch.from_numpy(tensors[f"l{layer}.{part}.{suffix}"]) for part in "qkv"]
            state[f"layers.{layer}.attention.{kind}"] = torch.cat(thirds).numpy()
    encoder.load_state_dict({name: torch.from_numpy(value) for name, value in state.items()})
    return encoder
