# What torch runs and is not read: it would be counted otherwise, or how large it is depends on values.

# --- one bias for two layers <- 6
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b = nn.Linear(6, 6), nn.Linear(6, 6)
        self.b.bias = self.a.bias
    def forward(self, x):
        return self.b(self.a(x))


# --- a bias that is frozen alone <- 6
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.Linear(6, 6)
        self.a.bias.requires_grad = False
    def forward(self, x):
        return self.a(x)


# --- a sum over the samples <- 5,4
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l = nn.Linear(4, 6)
    def forward(self, x):
        return torch.einsum('bij,bjk', self.l(x), self.l(x).transpose(1, 2))


# --- values where a condition holds <- 5,4
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l = nn.Linear(4, 6)
    def forward(self, x):
        return self.l(x)[:, torch.arange(5) < 3]

