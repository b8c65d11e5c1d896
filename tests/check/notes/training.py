"""A training script: 3 * 3 * 3 * 64 + 64 = 1792 weights in its first layer.

batch = 64, kernel_size=3; see section 1.2 = introduction.
"""

import torch.nn as nn  # torch == 2.3.1

k = 3
k = k + 2  # now 5x5: 5*5 = 25 taps
net = nn.Sequential(nn.Conv2d(3, 64, kernel_size=3, padding=1), nn.Linear(64 * 8 * 8, 10))  # 64*8*8 = 4096
assert 64 * 8 * 8 == 4096, "2 + 2 = 5 stands in a string"
if k == 4 or 3 * k != 9:
    print("a = b", f"{k=}")
x = "1 + 1 = 3"
n = 4096 * 10 + 10  # = 40970
total = 1792 + n  # 1792 + 40970 = 42762
# lr: 3e-4 -> 3e-5 = a tenth
# 32 -> 16 -> 8
# h = (h + 2*p - k)//s + 1 = (32 + 2 - 3)//1 + 1 = 32
