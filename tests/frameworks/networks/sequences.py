"""Sequences: translation with attention, captions, texts, twins, speech."""

import random

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence


class Encoder(nn.Module):
    def __init__(self, input_dim, emb_dim, enc_hid_dim, dec_hid_dim, dropout):
        super().__init__()
        self.embedding = nn.Embedding(input_dim, emb_dim)
        self.rnn = nn.GRU(emb_dim, enc_hid_dim, bidirectional=True)
        self.fc = nn.Linear(enc_hid_dim * 2, dec_hid_dim)
        self.dropout = nn.Dropout(dropout)

    def forward(self, src):
        embedded = self.dropout(self.embedding(src))
        outputs, hidden = self.rnn(embedded)
        hidden = torch.tanh(self.fc(torch.cat((hidden[-2, :, :], hidden[-1, :, :]), dim=1)))
        return outputs, hidden


class Attention(nn.Module):
    def __init__(self, enc_hid_dim, dec_hid_dim):
        super().__init__()
        self.attn = nn.Linear((enc_hid_dim * 2) + dec_hid_dim, dec_hid_dim)
        self.v = nn.Linear(dec_hid_dim, 1, bias=False)

    def forward(self, hidden, encoder_outputs):
        src_len = encoder_outputs.shape[0]
        hidden = hidden.unsqueeze(1).repeat(1, src_len, 1)
        encoder_outputs = encoder_outputs.permute(1, 0, 2)
        energy = torch.tanh(self.attn(torch.cat((hidden, encoder_outputs), dim=2)))
        attention = self.v(energy).squeeze(2)
        return F.softmax(attention, dim=1)


class Decoder(nn.Module):
    def __init__(self, output_dim, emb_dim, enc_hid_dim, dec_hid_dim, dropout, attention):
        super().__init__()
        self.output_dim = output_dim
        self.attention = attention
        self.embedding = nn.Embedding(output_dim, emb_dim)
        self.rnn = nn.GRU((enc_hid_dim * 2) + emb_dim, dec_hid_dim)
        self.fc_out = nn.Linear((enc_hid_dim * 2) + dec_hid_dim + emb_dim, output_dim)
        self.dropout = nn.Dropout(dropout)

    def forward(self, input, hidden, encoder_outputs):
        embedded = self.dropout(self.embedding(input.unsqueeze(0)))
        a = self.attention(hidden, encoder_outputs).unsqueeze(1)
        weighted = torch.bmm(a, encoder_outputs.permute(1, 0, 2)).permute(1, 0, 2)
        output, hidden = self.rnn(torch.cat((embedded, weighted), dim=2), hidden.unsqueeze(0))
        embedded, output, weighted = embedded.squeeze(0), output.squeeze(0), weighted.squeeze(0)
        return self.fc_out(torch.cat((output, weighted, embedded), dim=1)), hidden.squeeze(0)


class Seq2Seq(nn.Module):
    def __init__(self, encoder, decoder, device="cpu"):
        super().__init__()
        self.encoder = encoder
        self.decoder = decoder
        self.device = device

    def forward(self, src, teacher_forcing_ratio=0.0):
        src = src.t()
        steps, batch_size = 4, src.shape[1]
        outputs = []
        encoder_outputs, hidden = self.encoder(src)
        input = src[0, :]
        for _ in range(1, steps):
            output, hidden = self.decoder(input, hidden, encoder_outputs)
            outputs.append(output)
            input = output.argmax(1)
        return torch.stack(outputs, dim=1)


def translator(vocabulary=40, width=12):
    attention = Attention(width, width)
    encoder = Encoder(vocabulary, 8, width, width, 0.5)
    return Seq2Seq(encoder, Decoder(vocabulary, 8, width, width, 0.5, attention))


class TextCNN(nn.Module):
    def __init__(self, vocab_size=50, embed_dim=16, n_filters=6, filter_sizes=(2, 3, 4), output_dim=3, dropout=0.5):
        super().__init__()
        self.embedding = nn.Embedding(vocab_size, embed_dim, padding_idx=0)
        self.convs = nn.ModuleList(
            [nn.Conv2d(in_channels=1, out_channels=n_filters, kernel_size=(fs, embed_dim)) for fs in filter_sizes]
        )
        self.fc = nn.Linear(len(filter_sizes) * n_filters, output_dim)
        self.dropout = nn.Dropout(dropout)

    def forward(self, text):
        embedded = self.embedding(text).unsqueeze(1)
        conved = [F.relu(conv(embedded)).squeeze(3) for conv in self.convs]
        pooled = [F.max_pool1d(conv, conv.shape[2]).squeeze(2) for conv in conved]
        return self.fc(self.dropout(torch.cat(pooled, dim=1)))


class Siamese(nn.Module):
    """Two images through the same layers."""

    def __init__(self, width=8):
        super().__init__()
        self.cnn = nn.Sequential(
            nn.Conv2d(1, width, 5), nn.ReLU(inplace=True), nn.MaxPool2d(2), nn.Conv2d(width, 2 * width, 3), nn.ReLU()
        )
        self.fc = nn.Sequential(nn.LazyLinear(16) if False else nn.Linear(2 * width * 4 * 4, 16), nn.Sigmoid())
        self.out = nn.Linear(16, 1)

    def forward_once(self, x):
        x = self.cnn(x)
        x = x.view(x.size()[0], -1)
        return self.fc(x)

    def forward(self, input1, input2):
        output1 = self.forward_once(input1)
        output2 = self.forward_once(input2)
        return self.out(torch.abs(output1 - output2))


class SentimentLSTM(nn.Module):
    def __init__(self, vocab=60, embedding_dim=10, hidden_dim=14, n_layers=2, bidirectional=True):
        super().__init__()
        self.embedding = nn.Embedding(vocab, embedding_dim)
        self.embedding.weight.requires_grad = False
        self.lstm = nn.LSTM(
            embedding_dim, hidden_dim, num_layers=n_layers, bidirectional=bidirectional, dropout=0.3, batch_first=True
        )
        self.fc = nn.Linear(hidden_dim * (2 if bidirectional else 1), 1)

    def init_hidden(self, batch_size):
        weight = next(self.parameters()).data
        directions = 2 if self.lstm.bidirectional else 1
        n = self.lstm.num_layers * directions
        return (
            weight.new(n, batch_size, self.lstm.hidden_size).zero_(),
            weight.new(n, batch_size, self.lstm.hidden_size).zero_(),
        )

    def forward(self, text):
        embedded = self.embedding(text)
        output, (hidden, cell) = self.lstm(embedded, self.init_hidden(text.size(0)))
        if self.lstm.bidirectional:
            hidden = torch.cat((hidden[-2, :, :], hidden[-1, :, :]), dim=1)
        else:
            hidden = hidden[-1, :, :]
        return torch.sigmoid(self.fc(hidden)).squeeze(1)


class CaptionDecoder(nn.Module):
    """Words after the features of an image."""

    def __init__(self, embed_size=12, hidden_size=16, vocab_size=30, features=20):
        super().__init__()
        self.project = nn.Sequential(nn.Linear(features, embed_size), nn.BatchNorm1d(embed_size, momentum=0.01))
        self.embed = nn.Embedding(vocab_size, embed_size)
        self.gru = nn.GRU(embed_size, hidden_size, batch_first=True)
        self.linear = nn.Linear(hidden_size, vocab_size)

    def forward(self, features, captions):
        embeddings = self.embed(captions[:, :-1])
        embeddings = torch.cat((self.project(features).unsqueeze(1), embeddings), 1)
        hiddens, _ = self.gru(embeddings)
        return self.linear(hiddens)


class GLU(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.dim = dim

    def forward(self, x):
        out, gate = x.chunk(2, dim=self.dim)
        return out * gate.sigmoid()


class Swish(nn.Module):
    def forward(self, x):
        return x * x.sigmoid()


class Transpose(nn.Module):
    def __init__(self, shape: tuple):
        super().__init__()
        self.shape = shape

    def forward(self, x):
        return x.transpose(*self.shape)


class ConformerConvModule(nn.Module):
    def __init__(self, dim, expansion_factor=2, kernel_size=7):
        super().__init__()
        inner_dim = dim * expansion_factor
        pad = (kernel_size // 2, kernel_size // 2 - (kernel_size + 1) % 2)
        self.net = nn.Sequential(
            nn.LayerNorm(dim),
            Transpose((1, 2)),
            nn.Conv1d(dim, inner_dim * 2, 1),
            GLU(dim=1),
            nn.ConstantPad1d(pad, 0.0),
            nn.Conv1d(inner_dim, inner_dim, kernel_size, groups=inner_dim),
            nn.BatchNorm1d(inner_dim),
            Swish(),
            nn.Conv1d(inner_dim, dim, 1),
            Transpose((1, 2)),
        )

    def forward(self, x):
        return self.net(x)


class ConformerBlock(nn.Module):
    def __init__(self, dim=16, heads=4, mult=4):
        super().__init__()
        self.ff1 = self.feed_forward(dim, mult)
        self.norm = nn.LayerNorm(dim)
        self.attn = nn.MultiheadAttention(embed_dim=dim, num_heads=heads, batch_first=True)
        self.conv = ConformerConvModule(dim)
        self.ff2 = self.feed_forward(dim, mult)
        self.post_norm = nn.LayerNorm(dim)

    @staticmethod
    def feed_forward(dim, mult):
        return nn.Sequential(nn.LayerNorm(dim), nn.Linear(dim, dim * mult), Swish(), nn.Linear(dim * mult, dim))

    def forward(self, x, mask=None):
        x = 0.5 * self.ff1(x) + x
        normed = self.norm(x)
        attended, _ = self.attn(normed, normed, normed, key_padding_mask=mask, need_weights=False)
        x = attended + x
        x = self.conv(x) + x
        x = 0.5 * self.ff2(x) + x
        return self.post_norm(x)
