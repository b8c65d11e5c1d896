# Short networks, each behind a line with its name and the shape that goes in.

# --- batch_norm fn <- 4,5,5
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.w,self.b=nn.Parameter(torch.ones(4)),nn.Parameter(torch.zeros(4))
        self.register_buffer('m',torch.zeros(4));self.register_buffer('v',torch.ones(4))
    def forward(self, x):
        return F.batch_norm(x,self.m,self.v,self.w,self.b)


# --- group_norm fn <- 4,5,5
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.w,self.b=nn.Parameter(torch.ones(4)),nn.Parameter(torch.zeros(4))
    def forward(self, x):
        return F.group_norm(x,2,self.w,self.b)


# --- instance_norm fn <- 4,5,5
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c=nn.Conv2d(4,4,1)
    def forward(self, x):
        return F.instance_norm(self.c(x))


# --- instance_norm own <- 4,5,5
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.w,self.b=nn.Parameter(torch.ones(4)),nn.Parameter(torch.zeros(4))
    def forward(self, x):
        return F.instance_norm(x,weight=self.w,bias=self.b)


# --- prelu fn <- 4,5,5
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a=nn.Parameter(torch.zeros(4))
    def forward(self, x):
        return F.prelu(x,self.a)


# --- rms norm fn <- 5,4
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a=nn.Parameter(torch.zeros(4))
    def forward(self, x):
        return F.rms_norm(x,(4,),self.a)


# --- rms by hand <- 5,4
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.g=nn.Parameter(torch.ones(4));self.s=4**-0.5
    def forward(self, x):
        n=torch.norm(x,dim=-1,keepdim=True)*self.s
        return x/n.clamp(min=1e-8)*self.g


# --- rsqrt norm <- 5,4
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.g=nn.Parameter(torch.ones(4))
    def forward(self, x):
        return self.g*(x*torch.rsqrt(x.pow(2).mean(-1,keepdim=True)+1e-6)).type_as(x)


# --- bilinear <- 5,4
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=nn.Linear(4,6)
        self.b=nn.Bilinear(4,6,3)
    def forward(self, x):
        return self.b(x,self.l(x))


# --- bilinear fn <- 5,4
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.w=nn.Parameter(torch.zeros(3,4,4))
    def forward(self, x):
        return F.bilinear(x,x,self.w)


# --- roll flip <- 5,4
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=nn.Linear(4,6)
    def forward(self, x):
        return self.l(torch.roll(x.flip(1),1,dims=1))


# --- repeat long <- 5,4
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=nn.Linear(4,6)
    def forward(self, x):
        return self.l(x.repeat(1,3,1))


# --- repeat more axes <- 5,4
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=nn.Linear(4,6)
    def forward(self, x):
        return self.l(x.repeat(1,2,3,1,1) if x.dim()==4 else x.unsqueeze(1).repeat(1,2,3,1))


# --- repeat_interleave <- 5,4
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=nn.Linear(4,6)
    def forward(self, x):
        return self.l(x.repeat_interleave(3,dim=1))


# --- tile <- 5,4
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=nn.Linear(4,6)
    def forward(self, x):
        return self.l(torch.tile(x,(1,2,1)))


# --- cnn lstm <- 6,3,12,12
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c=nn.Sequential(nn.Conv2d(3,4,3),nn.BatchNorm2d(4),nn.ReLU(),nn.MaxPool2d(2),nn.AdaptiveAvgPool2d(1),nn.Flatten())
        self.r=nn.LSTM(4,5,batch_first=True)
        self.f=nn.Linear(5,2)
    def forward(self, x):
        B,T,C,H,W=x.shape
        y=self.c(x.view(B*T,C,H,W)).view(B,T,-1)
        o,_=self.r(y)
        return self.f(o[:,-1])


# --- conv over folded <- 6,3,12
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c=nn.Conv1d(3,4,3)
    def forward(self, x):
        b,t,c,n=x.shape
        return self.c(x.reshape(b*t,c,n)).reshape(b,t,4,-1)


# --- unfold method <- 9
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=nn.Linear(3,2)
    def forward(self, x):
        return self.l(x.unfold(1,3,2))


# --- scatter <- 5,4
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=nn.Linear(4,6)
    def forward(self, x):
        y=torch.zeros_like(x)
        y.scatter_(1,x.long(),1.0)
        return self.l(y)


# --- where <- 5,4
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=nn.Linear(4,6)
    def forward(self, x):
        return torch.where(x>0,self.l(x)[...,:4],x)


# --- where scalar <- 5,4
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=nn.Linear(4,6)
    def forward(self, x):
        return torch.where(self.l(x)>0,1.0,self.l(x))


# --- masked <- 5,4
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=nn.Linear(4,6)
    def forward(self, x):
        m=torch.tril(torch.ones(5,5)).bool()
        a=x@x.transpose(1,2)
        a=a.masked_fill(~m,-1e9).softmax(-1)
        return self.l(a@x)


# --- cumsum etc <- 5,4
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=nn.Linear(4,6)
    def forward(self, x):
        return self.l(torch.cumsum(x,1).clamp(0,1).sqrt())


# --- outer <- 5
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a=nn.Parameter(torch.zeros(3))
    def forward(self, x):
        return torch.outer(self.a,self.a)+x[:, :1, None]


# --- baddbmm <- 5,4
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=nn.Linear(4,6)
    def forward(self, x):
        return torch.baddbmm(torch.zeros(5,5),self.l(x),self.l(x).transpose(1,2))


# --- addmm <- 4
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.w=nn.Parameter(torch.zeros(4,3));self.b=nn.Parameter(torch.zeros(3))
    def forward(self, x):
        return torch.addmm(self.b,x,self.w)


# --- x@w <- 4
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.w=nn.Parameter(torch.zeros(4,3))
    def forward(self, x):
        return x@self.w


# --- x@w 3d <- 7,4
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.w=nn.Parameter(torch.zeros(4,3))
    def forward(self, x):
        return x@self.w


# --- matmul vec <- 7,4
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.w=nn.Parameter(torch.zeros(4))
    def forward(self, x):
        return x@self.w


# --- matmul vec2 <- 4
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.w=nn.Parameter(torch.zeros(4))
    def forward(self, x):
        return torch.matmul(x,self.w)


# --- w@x <- 7,4
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.w=nn.Parameter(torch.zeros(3,7))
    def forward(self, x):
        return self.w@x


# --- w@x 2 <- 4
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.w=nn.Parameter(torch.zeros(3,4))
    def forward(self, x):
        return (self.w@x.unsqueeze(-1)).squeeze(-1)


# --- heads own <- 7,4
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.w=nn.Parameter(torch.zeros(2,4,3))
    def forward(self, x):
        return torch.einsum('btd,hde->bhte',x,self.w)


# --- einsum w <- 5,4
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=nn.Linear(4,6)
    def forward(self, x):
        return torch.einsum('bij,bkj->bik',self.l(x),self.l(x))


# --- einsum ellipsis <- 5,6,4
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.w=nn.Parameter(torch.zeros(4,3))
    def forward(self, x):
        return torch.einsum('...d,de->...e',x,self.w)


# --- einsum 3 <- 5,4
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.w=nn.Parameter(torch.zeros(4,3))
        self.v=nn.Parameter(torch.zeros(3,2))
    def forward(self, x):
        return torch.einsum('btd,de,ef->btf',x,self.w,self.v)


# --- einsum sum <- 5,4
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=nn.Linear(4,6)
    def forward(self, x):
        return torch.einsum('bij->bj',self.l(x))


# --- einsum mul <- 5,4
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=nn.Linear(4,6)
    def forward(self, x):
        return torch.einsum('bij,bi->bij',self.l(x),x[:,:,0])


# --- einsum outer <- 4
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=nn.Linear(4,6)
    def forward(self, x):
        return torch.einsum('bi,bj->bij',x,self.l(x))


# --- einsum dot <- 4
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=nn.Linear(4,6)
    def forward(self, x):
        return torch.einsum('bi,bi->b',x,x)[:,None]*self.l(x)


# --- einsum perm <- 5,4
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=nn.Linear(4,6)
    def forward(self, x):
        return torch.einsum('bij->bji',self.l(x))


# --- tensordot <- 5,4
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.w=nn.Parameter(torch.zeros(4,3))
    def forward(self, x):
        return torch.tensordot(x,self.w,dims=([2],[0]))


# --- cdist <- 5,4
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=nn.Linear(4,6)
    def forward(self, x):
        return torch.cdist(x,x)@self.l(x)


# --- pairwise cos <- 5,4
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=nn.Linear(4,6)
    def forward(self, x):
        return F.cosine_similarity(x[:,:,None],x[:,None],dim=-1)@self.l(x)


# --- unflatten <- 5,4
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=nn.Linear(4,6)
    def forward(self, x):
        return self.l(x).unflatten(-1,(2,3))


# --- Unflatten module <- 4
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=nn.Linear(4,6)
        self.u=nn.Unflatten(1,(2,3))
    def forward(self, x):
        return self.u(self.l(x))


# --- split sizes <- 5,4
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=nn.Linear(4,6)
    def forward(self, x):
        a,b=torch.split(self.l(x),[2,4],-1)
        return torch.cat([b,a],-1)


# --- chunk uneven <- 5,4
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=nn.Linear(4,6)
    def forward(self, x):
        return self.l(x).chunk(4,-1)[-1]


# --- long index <- 5,4
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=nn.Linear(4,6)
    def forward(self, x):
        return self.l(x)[:, torch.tensor([0,2])]


# --- index 2d <- 5,4
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=nn.Linear(4,6)
    def forward(self, x):
        return self.l(x)[:, torch.tensor([[0,2],[1,1],[3,4]])]


# --- index_select <- 5,4
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=nn.Linear(4,6)
    def forward(self, x):
        return self.l(x).index_select(1,torch.tensor([0,2]))


# --- gather <- 5,4
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=nn.Linear(4,6)
    def forward(self, x):
        return torch.gather(self.l(x),1,torch.zeros(2,3,6,dtype=torch.long)) if False else self.l(x)


# --- eot <- 5,4
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=nn.Linear(4,6)
    def forward(self, x):
        return self.l(x)[torch.arange(x.shape[0]), x.argmax(1)[:,0]]


# --- topk <- 5,4
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=nn.Linear(4,6)
    def forward(self, x):
        v,i=self.l(x).topk(3,dim=-1)
        return v


# --- sort <- 5,4
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=nn.Linear(4,6)
    def forward(self, x):
        v,i=torch.sort(self.l(x),dim=-1,descending=True)
        return v[...,:2]


# --- argsort take <- 5,4
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=nn.Linear(4,6)
    def forward(self, x):
        return self.l(x)


# --- stack dim -1 <- 5,4
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=nn.Linear(4,6)
    def forward(self, x):
        return torch.stack([self.l(x),self.l(x)],-1)


# --- hstack <- 4
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=nn.Linear(4,6)
    def forward(self, x):
        return torch.hstack([self.l(x),x])


# --- meshgrid <- 3
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=nn.Linear(2,3)
    def forward(self, x):
        g=torch.stack(torch.meshgrid(torch.arange(4.),torch.linspace(0,1,5),indexing='xy'),-1)
        return self.l(g).unsqueeze(0)+x[:,None,None]


# --- coord conv <- 3,8,9
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c=nn.Conv2d(5,4,3)
    def forward(self, x):
        b,_,h,w=x.shape
        yy=torch.linspace(-1,1,h).view(1,1,h,1).expand(b,1,h,w)
        xx=torch.linspace(-1,1,w).view(1,1,1,w).expand(b,1,h,w)
        return self.c(torch.cat([x,xx,yy],1))


# --- pixel shuffle <- 3,8,9
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c=nn.Conv2d(3,12,3,padding=1)
    def forward(self, x):
        return F.pixel_shuffle(self.c(x),2)


# --- grid_sample <- 3,8,8
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c=nn.Conv2d(3,4,3)
        self.f=nn.Linear(3*64,6)
    def forward(self, x):
        t=self.f(x.flatten(1)).view(-1,2,3)
        g=F.affine_grid(t,x.size(),align_corners=False)
        return self.c(F.grid_sample(x,g,align_corners=False))


# --- interp size <- 3,9,9
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c=nn.Conv2d(3,4,3,2)
    def forward(self, x):
        y=self.c(x)
        return F.interpolate(y,size=x.shape[2:],mode='bilinear',align_corners=False)


# --- interp tensor scale <- 3,9,9
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c=nn.Conv2d(3,4,3)
    def forward(self, x):
        return F.interpolate(self.c(x),scale_factor=(2,1.5))


# --- pad reflect <- 3,9,9
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c=nn.Conv2d(3,4,3)
    def forward(self, x):
        return self.c(F.pad(x,(1,2,1,1),mode='reflect'))


# --- pad channels <- 3,9,9
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c=nn.Conv2d(3,4,3)
    def forward(self, x):
        return F.pad(self.c(x)[:,:,::2,::2],(0,0,0,0,2,2),'constant',0)


# --- pad batch-free seq <- 9,4
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c=nn.Conv1d(4,4,3)
    def forward(self, x):
        return self.c(F.pad(x.transpose(1,2),(2,0)))


# --- adaptive none <- 3,10,10
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c=nn.Conv2d(3,4,3)
    def forward(self, x):
        return F.adaptive_avg_pool2d(self.c(x),(None,1)).squeeze(-1)


# --- folded lstm <- 3,6,4
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.r=nn.LSTM(4,5,batch_first=True);self.f=nn.Linear(5,2)
    def forward(self, x):
        b,s,t,f=x.shape
        o,(h,c)=self.r(x.view(b*s,t,f))
        return self.f(h[-1]).view(b,s,2)


# --- folded lstm out <- 3,6,4
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.r=nn.GRU(4,5,batch_first=True)
    def forward(self, x):
        b,s,t,f=x.shape
        o,h=self.r(x.view(b*s,t,f))
        return o.reshape(b,s,t,5).mean(2)


# --- folded mha <- 3,6,4
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.r=nn.MultiheadAttention(4,2,batch_first=True)
    def forward(self, x):
        b,s,t,f=x.shape
        y=x.view(b*s,t,f)
        o,_=self.r(y,y,y)
        return o.reshape(b,s,t,4)


# --- folded encoder <- 3,6,4
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.r=nn.TransformerEncoder(nn.TransformerEncoderLayer(4,2,8,batch_first=True),2)
    def forward(self, x):
        b,s,t,f=x.shape
        y=x.view(b*s,t,f)
        return self.r(y).reshape(b,s,t,4)


# --- folded bn1d <- 3,4
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.r=nn.BatchNorm1d(4)
    def forward(self, x):
        b,s,f=x.shape
        return self.r(x.view(b*s,f)).view(b,s,f)


# --- folded bn1d seq <- 3,4,5
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.r=nn.BatchNorm1d(4)
    def forward(self, x):
        b,s,f,t=x.shape
        return self.r(x.view(b*s,f,t)).view(b,s,f,t)


# --- folded ln <- 3,4
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.r=nn.LayerNorm(4)
    def forward(self, x):
        b,s,f=x.shape
        return self.r(x.view(b*s,f)).view(b,s,f)


# --- folded ln2 <- 3,4,5
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.r=nn.LayerNorm((4,5))
    def forward(self, x):
        b,s,f,t=x.shape
        return self.r(x.view(b*s,f,t)).view(b,s,f,t)


# --- folded gn <- 3,4,5
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.r=nn.GroupNorm(2,4)
    def forward(self, x):
        b,s,f,t=x.shape
        return self.r(x.view(b*s,f,t)).view(b,s,f,t)


# --- folded in <- 3,4,5
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.r=nn.InstanceNorm1d(4,affine=True)
    def forward(self, x):
        b,s,f,t=x.shape
        return self.r(x.view(b*s,f,t)).view(b,s,f,t)


# --- folded flatten <- 3,4,5
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.r=nn.Linear(20,3)
    def forward(self, x):
        b,s,f,t=x.shape
        return self.r(nn.Flatten()(x.view(b*s,f,t))).view(b,s,3)


# --- folded prelu <- 3,4,5
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.r=nn.PReLU(4)
    def forward(self, x):
        b,s,f,t=x.shape
        return self.r(x.view(b*s,f,t)).view(b,s,f,t)


# --- folded maxpool <- 3,4,5
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.r=nn.Linear(2,3)
    def forward(self, x):
        b,s,f,t=x.shape
        return self.r(F.max_pool1d(x.view(b*s,f,t),2)).view(b,s,4,3)


# --- folded softmax <- 3,4,5
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.r=nn.Linear(5,3)
    def forward(self, x):
        b,s,f,t=x.shape
        return self.r(F.softmax(x.view(b*s,f,t),1)).view(b,s,4,3)


# --- folded glu <- 3,4,5
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.r=nn.Linear(5,3)
    def forward(self, x):
        b,s,f,t=x.shape
        return self.r(F.glu(x.view(b*s,f,t),1)).view(b,s,2,3)


# --- folded glu mod <- 3,4,5
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.r=nn.Linear(5,3);self.g=nn.GLU(1)
    def forward(self, x):
        b,s,f,t=x.shape
        return self.r(self.g(x.view(b*s,f,t))).view(b,s,2,3)


# --- glu mod <- 4,5
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.r=nn.Linear(5,3);self.g=nn.GLU(1)
    def forward(self, x):
        return self.r(self.g(x))


# --- glu mod -1 <- 4,6
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.r=nn.Linear(3,4);self.g=nn.GLU()
    def forward(self, x):
        return self.r(self.g(x))


# --- glu seqfirst <- 4,6
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.r=nn.Linear(3,4);self.g=nn.GLU(-1)
    def forward(self, x):
        return self.r(self.g(x.transpose(0,1))).transpose(0,1)


# --- softmax mod d1 <- 4,6
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.r=nn.Linear(6,4);self.g=nn.Softmax(1)
    def forward(self, x):
        return self.r(self.g(x.transpose(0,1))).transpose(0,1)


# --- seq first lstm <- 4,6
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.r=nn.LSTM(6,5)
    def forward(self, x):
        o,(h,c)=self.r(x.transpose(0,1))
        return o[-1]+h[0]


# --- seq first mha <- 4,6
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.r=nn.MultiheadAttention(6,2)
    def forward(self, x):
        y=x.transpose(0,1)
        o,w=self.r(y,y,y)
        return o.transpose(0,1)


# --- seq first enc <- 4,6
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.r=nn.TransformerEncoderLayer(6,2,8)
    def forward(self, x):
        return self.r(x.permute(1,0,2)).permute(1,0,2)


# --- seq first linear bn <- 4,6
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.r=nn.Linear(6,4);self.b=nn.BatchNorm1d(4)
    def forward(self, x):
        y=self.r(x.transpose(0,1))
        return self.b(y.permute(1,2,0))


# --- wrong batch first lstm <- 4,6
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.r=nn.LSTM(6,5)
    def forward(self, x):
        o,_=self.r(x)
        return o


# --- conv on seqfirst <- 7,6
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c=nn.Conv1d(6,5,3)
    def forward(self, x):
        return self.c(x.permute(0,2,1)).permute(2,0,1)[-1]


# --- ln on seqfirst <- 7,6
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c=nn.LayerNorm(6)
    def forward(self, x):
        return self.c(x.permute(1,0,2)).mean(0)


# --- ln2 on seqfirst <- 7,6
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c=nn.LayerNorm((7,6))
    def forward(self, x):
        return self.c(x)


# --- dropout2d seq <- 7,6
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c=nn.Dropout2d();self.l=nn.Linear(6,2)
    def forward(self, x):
        return self.l(self.c(x.transpose(0,1)).transpose(0,1))


# --- bn on unbatched dims <- 7,6
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c=nn.BatchNorm1d(7)
    def forward(self, x):
        return self.c(x)


# --- bn1d 2d flat <- 7,6
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c=nn.BatchNorm1d(6)
    def forward(self, x):
        return self.c(x.reshape(-1,6)).reshape(x.shape)


# --- upsample seq <- 7,6
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c=nn.Upsample(scale_factor=2)
    def forward(self, x):
        return self.c(x.transpose(1,2)).transpose(1,2)


# --- decoder memory <- 4,6
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.d=nn.TransformerDecoderLayer(6,2,8);self.e=nn.Linear(6,6)
    def forward(self, x):
        y=x.transpose(0,1)
        return self.d(y,self.e(y)).transpose(0,1)


# --- transformer <- 5,6
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.t=nn.Transformer(6,2,1,1,8,batch_first=True)
    def forward(self, x):
        return self.t(x,x[:, :3])


# --- gru cell <- 4,6
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c=nn.GRUCell(6,5)
    def forward(self, x):
        h=torch.zeros(x.size(0),5)
        for t in range(x.size(1)):
            h=self.c(x[:,t],h)
        return h


# --- lstm cell <- 4,6
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c=nn.LSTMCell(6,5)
    def forward(self, x):
        h=c=torch.zeros(x.size(0),5)
        for t in range(x.size(1)):
            h,c=self.c(x[:,t],(h,c))
        return torch.cat([h,c],1)


# --- lstm stateful bidir <- 4,6
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.r=nn.LSTM(6,5,2,bidirectional=True,batch_first=True)
    def forward(self, x):
        o,(h,c)=self.r(x)
        h=h.view(2,2,x.size(0),5)
        return torch.cat([h[-1,0],h[-1,1]],-1)


# --- packed <- 4,6
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.r=nn.LSTM(6,5,batch_first=True)
    def forward(self, x):
        p=nn.utils.rnn.pack_padded_sequence(x,torch.tensor([4,4]),batch_first=True)
        o,(h,c)=self.r(p)
        o,_=nn.utils.rnn.pad_packed_sequence(o,batch_first=True)
        return o


# --- lazy <- 3,8,8
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=nn.LazyLinear(5);self.c=nn.LazyConv2d(4,3)
    def forward(self, x):
        return self.l(self.c(x).flatten(1))


# --- max pool gap <- 3,9,9
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.c=nn.Conv2d(3,4,3)
    def forward(self, x):
        return self.c(x).max(-1)[0].max(-1).values


# --- loop break <- 6
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.ls=nn.ModuleList(nn.Linear(6,6) for _ in range(4))
    def forward(self, x):
        for i,l in enumerate(self.ls):
            if i==2: break
            x=l(x)
        return x


# --- ModuleDict <- 6
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.d=nn.ModuleDict({'a':nn.Linear(6,5),'b':nn.Linear(5,4)})
    def forward(self, x):
        for k in self.d: x=self.d[k](x)
        return x


# --- ParameterList <- 6
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.p=nn.ParameterList([nn.Parameter(torch.zeros(6)) for _ in range(3)])
    def forward(self, x):
        for p in self.p: x=x*p
        return x


# --- ParameterDict <- 6
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.p=nn.ParameterDict({'a':nn.Parameter(torch.zeros(6))})
    def forward(self, x):
        return x+self.p['a']


# --- nested containers <- 6
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.n=nn.Sequential(nn.Sequential(nn.Linear(6,5),nn.ReLU()),nn.ModuleDict({'q':nn.Linear(5,3)})['q'])
    def forward(self, x):
        return self.n(x)


# --- hook etc <- 6
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=nn.Linear(6,5);self.l.register_forward_hook(lambda *a: None)
    def forward(self, x):
        return self.l(x)


# --- tied reuse <- 6
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a=nn.Linear(6,6);self.b=self.a
    def forward(self, x):
        return self.b(self.a(x))


# --- shared list <- 6
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        l=nn.Linear(6,6);self.n=nn.Sequential(l,nn.ReLU(),l)
    def forward(self, x):
        return self.n(x)


# --- tied by param dict <- 6
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a=nn.Linear(6,6);self.b=nn.Linear(6,6)
        for p,q in zip(self.a.parameters(),self.b.parameters()): q.requires_grad=False
    def forward(self, x):
        return self.b(self.a(x))


# --- freeze some <- 6
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a=nn.Sequential(nn.Linear(6,6),nn.Linear(6,6))
        for n,p in self.named_parameters():
            if n.startswith('a.0'): p.requires_grad=False
    def forward(self, x):
        return self.a(x)


# --- del layer <- 6
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a=nn.Linear(6,6);self.b=nn.Linear(6,7)
        del self.b
    def forward(self, x):
        return self.a(x)


# --- replace <- 6
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a=nn.Sequential(nn.Linear(6,6),nn.Linear(6,6))
        self.a[-1]=nn.Linear(6,2)
    def forward(self, x):
        return self.a(x)


# --- slice seq <- 6
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        s=nn.Sequential(nn.Linear(6,6),nn.ReLU(),nn.Linear(6,6));self.a=s[:2]
    def forward(self, x):
        return self.a(x)


# --- children list <- 6
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        s=nn.Sequential(nn.Linear(6,6),nn.ReLU(),nn.Linear(6,6));self.a=nn.Sequential(*list(s.children())[:-1])
    def forward(self, x):
        return self.a(x)


# --- identity fc <- 6
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        s=nn.Sequential(nn.Linear(6,6),nn.ReLU(),nn.Linear(6,6));s[2]=nn.Identity();self.a=s
    def forward(self, x):
        return self.a(x)


# --- seq pop <- 6
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a=nn.Sequential(nn.Linear(6,6),nn.Linear(6,5));self.a.pop(1)
    def forward(self, x):
        return self.a(x)


# --- seq del <- 6
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a=nn.Sequential(nn.Linear(6,6),nn.Linear(6,5))
        del self.a[1]
    def forward(self, x):
        return self.a(x)


# --- seq insert <- 6
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a=nn.Sequential(nn.Linear(6,6));self.a.insert(0,nn.Linear(6,6))
    def forward(self, x):
        return self.a(x)


# --- list insert <- 6
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a=nn.ModuleList([nn.Linear(6,6)]);self.a.insert(0,nn.Linear(6,6))
    def forward(self, x):
        for l in self.a: x=l(x)
        return x


# --- seq add <- 6
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a=nn.Sequential(nn.Linear(6,6))+nn.Sequential(nn.Linear(6,4))
    def forward(self, x):
        return self.a(x)

