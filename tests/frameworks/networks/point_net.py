"""Points, turned by a matrix that a network of its own finds."""

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.autograd import Variable


class STNkd(nn.Module):
    def __init__(self, k=3, width=16):
        super(STNkd, self).__init__()
        self.conv1 = torch.nn.Conv1d(k, width, 1)
        self.conv2 = torch.nn.Conv1d(width, 4 * width, 1)
        self.fc1 = nn.Linear(4 * width, 2 * width)
        self.fc2 = nn.Linear(2 * width, k * k)
        self.relu = nn.ReLU()
        self.bn1 = nn.BatchNorm1d(width)
        self.bn2 = nn.BatchNorm1d(4 * width)
        self.bn3 = nn.BatchNorm1d(2 * width)
        self.k = k
        self.width = width

    def forward(self, x):
        batchsize = x.size()[0]
        x = F.relu(self.bn1(self.conv1(x)))
        x = F.relu(self.bn2(self.conv2(x)))
        x = torch.max(x, 2, keepdim=True)[0]
        x = x.view(-1, 4 * self.width)
        x = F.relu(self.bn3(self.fc1(x)))
        x = self.fc2(x)
        iden = Variable(torch.from_numpy(np.eye(self.k).flatten().astype(np.float32)))
        iden = iden.view(1, self.k * self.k).repeat(batchsize, 1)
        if x.is_cuda:
            iden = iden.cuda()
        x = x + iden
        return x.view(-1, self.k, self.k)


class PointNetfeat(nn.Module):
    def __init__(self, width=16, feature_transform=False):
        super(PointNetfeat, self).__init__()
        self.stn = STNkd(3, width)
        self.conv1 = torch.nn.Conv1d(3, width, 1)
        self.conv2 = torch.nn.Conv1d(width, 4 * width, 1)
        self.bn1 = nn.BatchNorm1d(width)
        self.bn2 = nn.BatchNorm1d(4 * width)
        self.feature_transform = feature_transform
        if self.feature_transform:
            self.fstn = STNkd(k=width, width=width)

    def forward(self, x):
        trans = self.stn(x)
        x = x.transpose(2, 1)
        x = torch.bmm(x, trans)
        x = x.transpose(2, 1)
        x = F.relu(self.bn1(self.conv1(x)))
        if self.feature_transform:
            trans_feat = self.fstn(x)
            x = torch.bmm(x.transpose(2, 1), trans_feat).transpose(2, 1)
        else:
            trans_feat = None
        x = self.bn2(self.conv2(x))
        x, _ = torch.max(x, 2)
        return x, trans, trans_feat


class PointNetCls(nn.Module):
    def __init__(self, k=5, width=16, feature_transform=True):
        super(PointNetCls, self).__init__()
        self.feat = PointNetfeat(width, feature_transform=feature_transform)
        self.fc1 = nn.Linear(4 * width, 32)
        self.fc2 = nn.Linear(32, k)
        self.dropout = nn.Dropout(p=0.3)
        self.bn1 = nn.BatchNorm1d(32)

    def forward(self, x):
        x, trans, trans_feat = self.feat(x)
        x = F.relu(self.bn1(self.dropout(self.fc1(x))))
        return F.log_softmax(self.fc2(x), dim=1)
