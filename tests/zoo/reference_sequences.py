"""Networks that no framework ships, written with torch's own modules the way their papers describe them."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class Transformer(nn.Module):
    """Vaswani et al. 2017: one matrix embeds both languages and, transposed, gives the output's scores."""

    def __init__(self, N: int, d_model: int, d_ff: int, h: int, V: int, tied: bool = True):
        super().__init__()
        self.source = nn.Embedding(V, d_model)
        self.target = self.source if tied else nn.Embedding(V, d_model)
        encoder = nn.TransformerEncoderLayer(d_model, h, d_ff, batch_first=True)
        decoder = nn.TransformerDecoderLayer(d_model, h, d_ff, batch_first=True)
        self.encoder = nn.TransformerEncoder(encoder, N, enable_nested_tensor=False)
        self.decoder = nn.TransformerDecoder(decoder, N)
        self.output = nn.Linear(d_model, V, bias=False)
        if tied:
            self.output.weight = self.source.weight

    def forward(self, source: Tensor, target: Tensor) -> Tensor:
        memory = self.encoder(self.source(source))
        return self.output(self.decoder(self.target(target), memory))


class LanguageModel(nn.Module):
    """Zaremba et al. 2014: embedding, LSTM, softmax."""

    def __init__(self, L: int, d: int, V: int):
        super().__init__()
        self.embedding = nn.Embedding(V, d)
        self.lstm = nn.LSTM(d, d, num_layers=L, dropout=0.5, batch_first=True)
        self.output = nn.Linear(d, V)

    def forward(self, words: Tensor) -> Tensor:
        return self.output(self.lstm(self.embedding(words))[0])


class RNNsearch(nn.Module):
    """Bahdanau et al. 2015, appendix A.2: a bidirectional encoder and a decoder that aligns before each word."""

    def __init__(self, n: int, m: int, n_a: int, l: int, K_x: int, K_y: int):  # noqa: E741
        super().__init__()
        self.E_x, self.E_y = nn.Embedding(K_x, m), nn.Embedding(K_y, m)
        self.encoder = nn.GRU(m, n, bidirectional=True, batch_first=True)
        self.W_s = nn.Linear(n, n)
        self.W_a = nn.Linear(n, n_a, bias=False)
        self.U_a = nn.Linear(2 * n, n_a, bias=False)
        self.v_a = nn.Linear(n_a, 1, bias=False)
        self.decoder = nn.GRUCell(m + 2 * n, n)
        self.deep_output = nn.Linear(n + m + 2 * n, 2 * l)
        self.W_o = nn.Linear(l, K_y)

    def forward(self, source: Tensor, target: Tensor) -> Tensor:
        annotations, last = self.encoder(self.E_x(source))
        state = torch.tanh(self.W_s(last[1]))
        keys, scores = self.U_a(annotations), []
        for y in self.E_y(target).unbind(1):
            energy = self.v_a(torch.tanh(self.W_a(state).unsqueeze(1) + keys))
            context = energy.softmax(1).transpose(1, 2).bmm(annotations).squeeze(1)
            deep = self.deep_output(torch.cat([state, y, context], -1))
            state = self.decoder(torch.cat([y, context], -1), state)
            scores.append(self.W_o(deep.unflatten(-1, (-1, 2)).amax(-1)))
        return torch.stack(scores, 1)
