# Short networks, each behind a line with its name and the shape that goes in.

# --- getattr nn <- 6
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a=getattr(nn,'GELU')();self.l=getattr(nn,'Linear')(6,3)
    def forward(self, x):
        return self.l(x)


# --- eval <- 6
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=eval('nn.Linear')(6,3)
    def forward(self, x):
        return self.l(x)


# --- globals <- 6
def make(n): return nn.Linear(6,n)
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=globals()['make'](3)
    def forward(self, x):
        return self.l(x)


# --- registry <- 6
R={}
def register(name):
    def deco(c):
        R[name]=c
        return c
    return deco
@register('lin')
class Lin(nn.Linear): pass
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=R['lin'](6,3)
    def forward(self, x):
        return self.l(x)


# --- registry2 <- 6
class Registry(dict):
    def register(self,f):
        self[f.__name__]=f
        return f
REG=Registry()
@REG.register
def small(**kw): return nn.Linear(6,kw.get('n',2))
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=REG['small'](n=4)
    def forward(self, x):
        return self.l(x)


# --- match <- 6
def act(n):
    match n:
        case 'relu': return nn.ReLU()
        case 'gelu'|'swish': return nn.GELU()
        case _: raise ValueError(n)
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=nn.Sequential(nn.Linear(6,3),act('gelu'))
    def forward(self, x):
        return self.l(x)


# --- try import <- 6
try:
    import flash_attn
    HAS=True
except ImportError:
    HAS=False
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=nn.Linear(6,3 if HAS else 4)
    def forward(self, x):
        return self.l(x)


# --- try import from <- 6
try:
    from apex.normalization import FusedLayerNorm as LN
except ImportError:
    from torch.nn import LayerNorm as LN
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=nn.Sequential(nn.Linear(6,3),LN(3))
    def forward(self, x):
        return self.l(x)


# --- nonlocal <- 6
def counter():
    n=0
    def inc():
        nonlocal n
        n+=1
        return n
    return inc
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        c=counter();c();self.l=nn.Linear(6,c()+1)
    def forward(self, x):
        return self.l(x)


# --- global <- 6
K=3
def bump():
    global K
    K+=1
bump()
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=nn.Linear(6,K)
    def forward(self, x):
        return self.l(x)


# --- walrus <- 6
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        if (n:=6//2)>2: self.l=nn.Linear(6,n)
    def forward(self, x):
        return self.l(x)


# --- dataclass field <- 6
from dataclasses import dataclass, field, asdict, replace
@dataclass
class C:
    a:int=3
    w:list=field(default_factory=lambda:[4,5])
    b:int=field(default=2)
    @property
    def t(self): return self.a*self.b
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        c=C(a=2);self.l=nn.Linear(6,c.t+c.w[1])
    def forward(self, x):
        return self.l(x)


# --- dataclass asdict <- 6
from dataclasses import dataclass, asdict, replace
@dataclass
class C:
    i:int=6
    o:int=3
def mk(i,o): return nn.Linear(i,o)
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=mk(**asdict(replace(C(),o=5)))
    def forward(self, x):
        return self.l(x)


# --- dataclass fields <- 6
import dataclasses
@dataclasses.dataclass(frozen=True)
class C:
    i:int=6
    o:int=3
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        c=C();self.l=nn.Linear(*[getattr(c,f.name) for f in dataclasses.fields(c)])
    def forward(self, x):
        return self.l(x)


# --- dataclass init false <- 6
from dataclasses import dataclass, field
@dataclass
class C:
    i:int=6
    o:int=field(init=False)
    def __post_init__(self): self.o=self.i//2
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=nn.Linear(6,C().o)
    def forward(self, x):
        return self.l(x)


# --- kwargs only dataclass order <- 6
from dataclasses import dataclass
@dataclass
class A:
    x:int
@dataclass
class B(A):
    y:int=4
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=nn.Linear(6,B(3).x+B(3).y)
    def forward(self, x):
        return self.l(x)


# --- enum auto <- 6
import enum
class E(enum.Enum):
    A=enum.auto()
    B=enum.auto()
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=nn.Linear(6,E.B.value+len(E))
    def forward(self, x):
        return self.l(x)


# --- enum intenum <- 6
from enum import IntEnum
class E(IntEnum):
    A=2
    B=5
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=nn.Linear(6,E.B+E.A)
    def forward(self, x):
        return self.l(x)


# --- enum by name <- 6
from enum import Enum
class E(Enum):
    A='a'
    B='b'
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=nn.Linear(6,3 if E('b') is E.B and E['A']==E.A else 4)
    def forward(self, x):
        return self.l(x)


# --- str enum <- 6
from enum import Enum
class E(str,Enum):
    A='a'
    B='b'
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=nn.Linear(6,3 if E.A=='a' else 4)
    def forward(self, x):
        return self.l(x)


# --- property setter <- 6
class P:
    def __init__(self): self._w=2
    @property
    def w(self): return self._w
    @w.setter
    def w(self,v): self._w=v*2
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        p=P();p.w=3;self.l=nn.Linear(6,p.w)
    def forward(self, x):
        return self.l(x)


# --- cached property <- 6
from functools import cached_property
class P:
    @cached_property
    def w(self): return 4
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=nn.Linear(6,P().w)
    def forward(self, x):
        return self.l(x)


# --- class attr + classmethod <- 6
class P:
    w=4
    @classmethod
    def make(cls,k=1): return nn.Linear(6,cls.w*k)
class Q(P): w=5
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=Q.make(2)
    def forward(self, x):
        return self.l(x)


# --- namedtuple <- 6
from collections import namedtuple
C=namedtuple('C','i o')
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        c=C(6,3);i,o=c;self.l=nn.Linear(i,c.o)
        c=c._replace(o=4);self.l=nn.Linear(c[0],c[1])
    def forward(self, x):
        return self.l(x)


# --- defaultdict <- 6
from collections import defaultdict, Counter, deque
d=defaultdict(list)
for i in range(3): d['a'].append(i)
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=nn.Linear(6,len(d['a'])+sum(d['a']))
    def forward(self, x):
        return self.l(x)


# --- counter <- 6
from collections import Counter
c=Counter('aab')
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=nn.Linear(6,c['a'])
    def forward(self, x):
        return self.l(x)


# --- chainmap <- 6
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        kw={'in_features':6};kw|={'out_features':3};self.l=nn.Linear(**kw)
    def forward(self, x):
        return self.l(x)


# --- dict merge <- 6
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        kw={**{'in_features':6},'out_features':3};self.l=nn.Linear(**kw)
    def forward(self, x):
        return self.l(x)


# --- dict get nested <- 6
CFG={'m':{'w':[4,5]}}
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=nn.Linear(6,CFG.get('m',{}).get('w',[1])[-1])
    def forward(self, x):
        return self.l(x)


# --- setdefault <- 6
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        d={};d.setdefault('a',[]).append(3);self.l=nn.Linear(6,d['a'][0])
    def forward(self, x):
        return self.l(x)


# --- sorted key <- 6
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        ks=sorted([(3,'b'),(2,'c')],key=lambda t:t[1]);self.l=nn.Linear(6,ks[0][0])
    def forward(self, x):
        return self.l(x)


# --- reduce <- 6
from functools import reduce
import operator
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=nn.Linear(6,reduce(operator.mul,[2,3],1)+reduce(lambda a,b:a+b,[1,2]))
    def forward(self, x):
        return self.l(x)


# --- operator <- 6
import operator
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=nn.Linear(6,operator.itemgetter(1)([3,4])+operator.add(1,2))
    def forward(self, x):
        return self.l(x)


# --- pairwise <- 6
from itertools import pairwise, zip_longest, starmap, combinations
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=nn.Sequential(*[nn.Linear(a,b) for a,b in pairwise([6,5,4])]);self.n=len(list(combinations(range(4),2)))
    def forward(self, x):
        return self.l(x)


# --- zip star <- 6
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        a,b=zip(*[(1,2),(3,4)]);self.l=nn.Linear(6,sum(a)+sum(b))
    def forward(self, x):
        return self.l(x)


# --- star args <- 6
def f(*a,n=2,**k): return nn.Linear(a[0],n+k['m'])
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=f(6,n=3,m=1)
    def forward(self, x):
        return self.l(x)


# --- star unpack <- 6
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        first,*rest=[6,5,4];self.l=nn.Sequential(nn.Linear(first,rest[0]),nn.Linear(*rest))
    def forward(self, x):
        return self.l(x)


# --- generator fn <- 6
def gen(w):
    while w>2:
        yield w
        w//=2
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=nn.Linear(6,sum(gen(16)))
    def forward(self, x):
        return self.l(x)


# --- generator send less <- 6
def g():
    yield from [1,2]
    return
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=nn.Linear(6,sum(x for x in g()))
    def forward(self, x):
        return self.l(x)


# --- next iter <- 6
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        it=iter([6,3]);self.l=nn.Linear(next(it),next(it))
    def forward(self, x):
        return self.l(x)


# --- enumerate start <- 6
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=nn.Linear(6,sum(i for i,_ in enumerate('ab',start=1)))
    def forward(self, x):
        return self.l(x)


# --- while else <- 6
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        i=0
        while i<3: i+=1
        else: i+=10
        self.l=nn.Linear(6,i)
    def forward(self, x):
        return self.l(x)


# --- for else <- 6
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        for i in range(3):
            if i==5: break
        else: i=9
        self.l=nn.Linear(6,i)
    def forward(self, x):
        return self.l(x)


# --- try finally <- 6
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        n=1
        try:
            n=2
            raise ValueError('a')
        except (ValueError,KeyError) as e:
            n+=len(str(e))
        else:
            n=50
        finally:
            n+=1
        self.l=nn.Linear(6,n)
    def forward(self, x):
        return self.l(x)


# --- raise custom <- 6
class E(Exception):
    pass
def f():
    raise E('x')
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        try: f()
        except E: self.l=nn.Linear(6,3)
    def forward(self, x):
        return self.l(x)


# --- assert msg <- 6
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        assert isinstance(6,int), 'no'
        self.l=nn.Linear(6,3)
    def forward(self, x):
        return self.l(x)


# --- context manager <- 6
from contextlib import contextmanager, nullcontext
@contextmanager
def cm():
    yield 4
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        with cm() as n: self.l=nn.Linear(6,n)
    def forward(self, x):
        return self.l(x)


# --- ctx class <- 6
class CM:
    def __enter__(self): return 5
    def __exit__(self,*a): return False
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        with CM() as n: self.l=nn.Linear(6,n)
    def forward(self, x):
        return self.l(x)


# --- strings <- 6
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        s='c3-w{}'.format(4);self.l=nn.Linear(6,int(s.split('w')[1])+int('c3-w4'[1])+len(f'{7:>3}'))
    def forward(self, x):
        return self.l(x)


# --- int parse <- 6
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=nn.Linear(6,int('0x4',16)+int('3')+int(2.9))
    def forward(self, x):
        return self.l(x)


# --- bit ops <- 6
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=nn.Linear(6,(1<<3)|1&3^2)
    def forward(self, x):
        return self.l(x)


# --- round floor <- 6
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=nn.Linear(6,round(2.5)+round(3.5)+int(-2.5)+math.floor(-2.5)+math.ceil(2.1)+10)
    def forward(self, x):
        return self.l(x)


# --- isqrt etc <- 6
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=nn.Linear(6,math.isqrt(17)+math.gcd(12,8)+math.comb(4,2)+int(math.log2(8))+math.factorial(3)+math.prod([2,3]))
    def forward(self, x):
        return self.l(x)


# --- math2 <- 6
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=nn.Linear(6,int(math.log(8,2))+int(math.log10(100))+int(math.hypot(3,4))+math.trunc(2.7))
    def forward(self, x):
        return self.l(x)


# --- max key default <- 6
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=nn.Linear(6,max([],default=3)+max('aa','b',key=len)[0:1].count('a')+min((2,5)))
    def forward(self, x):
        return self.l(x)


# --- any all <- 6
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=nn.Linear(6,3 if any(x>2 for x in [1,3]) and all([True,1]) else 4)
    def forward(self, x):
        return self.l(x)


# --- divmod <- 6
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        q,r=divmod(17,5);self.l=nn.Linear(6,q+r)
    def forward(self, x):
        return self.l(x)


# --- list methods <- 6
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        l=[3,1,2];l.sort();l.insert(0,9);l.remove(1);l.reverse();self.l=nn.Linear(6,l[0]+l.index(9)+l.pop())
    def forward(self, x):
        return self.l(x)


# --- list sort key <- 6
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        l=[3,1,2];l.sort(key=lambda v:-v,reverse=True);self.l=nn.Linear(6,l[-1])
    def forward(self, x):
        return self.l(x)


# --- set ops <- 6
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=nn.Linear(6,len({1,2}|{3})+len({1,2}&{2})+len({1}-{1})+len(set([1,1]).union([4])))
    def forward(self, x):
        return self.l(x)


# --- dict comp <- 6
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        d={k:v for k,v in zip('ab',[3,4]) if v>3};self.l=nn.Linear(6,d['b']);self.k=list(d)[0]
    def forward(self, x):
        return self.l(x)


# --- slices <- 6
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        l=list(range(10));self.l=nn.Linear(6,sum(l[::3])+len(l[-2:])+l[2:5][::-1][0])
    def forward(self, x):
        return self.l(x)


# --- list slice assign <- 6
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        l=[1,2,3];l[1:]=[5];self.l=nn.Linear(6,l[-1]+len(l))
    def forward(self, x):
        return self.l(x)


# --- tuple concat <- 6
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        t=(1,)+(2,)*2;self.l=nn.Linear(6,sum(t)+t.count(2))
    def forward(self, x):
        return self.l(x)


# --- chained compare <- 6
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=nn.Linear(6,3 if 1<2<=2!=3 else 4)
    def forward(self, x):
        return self.l(x)


# --- cond expr <- 6
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=nn.Linear(6,[3,4][True])
    def forward(self, x):
        return self.l(x)


# --- lambda default <- 6
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        fs=[lambda k=k:k for k in range(4)];self.l=nn.Linear(6,fs[2]()+fs[-1]())
    def forward(self, x):
        return self.l(x)


# --- closure late <- 6
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        fs=[lambda:k for k in range(4)];self.l=nn.Linear(6,fs[0]()+1)
    def forward(self, x):
        return self.l(x)


# --- comprehension nested <- 6
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=nn.Linear(6,sum([i*j for i in range(3) for j in range(i)]))
    def forward(self, x):
        return self.l(x)


# --- recursion <- 6
def fib(n): return n if n<2 else fib(n-1)+fib(n-2)
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=nn.Linear(6,fib(7))
    def forward(self, x):
        return self.l(x)


# --- lru <- 6
from functools import lru_cache
@lru_cache(maxsize=None)
def f(n): return n+1
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=nn.Linear(6,f(3))
    def forward(self, x):
        return self.l(x)


# --- dunder add <- 6
class V:
    def __init__(s,v): s.v=v
    def __add__(s,o): return V(s.v+o.v)
    def __radd__(s,o): return s
    def __getitem__(s,i): return s.v*i
    def __len__(s): return s.v
    def __eq__(s,o): return s.v==o.v
    def __lt__(s,o): return s.v<o.v
    def __contains__(s,k): return k==s.v
    def __call__(s,k): return s.v+k
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        a=V(2)+V(3);self.l=nn.Linear(6,a[2]+len(a)+(3 if a==V(5) else 0)+(1 if V(1)<a else 0)+(1 if 5 in a else 0)+a(1))
    def forward(self, x):
        return self.l(x)


# --- iadd <- 6
class V:
    def __init__(s,v): s.v=v
    def __iadd__(s,o):
        s.v+=o
        return s
    def __neg__(s): return V(-s.v)
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        a=V(2);a+=3;self.l=nn.Linear(6,a.v);self.n=(-a).v
    def forward(self, x):
        return self.l(x)


# --- iter class <- 6
class It:
    def __iter__(s):
        for i in range(3): yield i
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=nn.Linear(6,sum(It())+len([*It()]))
    def forward(self, x):
        return self.l(x)


# --- iter next <- 6
class It:
    def __init__(s): s.n=0
    def __iter__(s): return s
    def __next__(s):
        s.n+=1
        if s.n>3: raise StopIteration
        return s.n
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=nn.Linear(6,sum(It()))
    def forward(self, x):
        return self.l(x)


# --- mro <- 6
class A(nn.Module):
    def __init__(self): super().__init__(); self.a=nn.Linear(6,6)
class B(A):
    def __init__(self): super().__init__(); self.b=nn.Linear(6,5)
class M:
    def extra(self): return nn.Linear(5,3)
class C(M,B):
    def __init__(self): super().__init__(); self.c=self.extra()
    def forward(self,x): return self.c(self.b(self.a(x)))
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=C()
    def forward(self, x):
        return self.l(x)


# --- super coop <- 6
class M1:
    def __init__(self,*a,w=3,**k):
        super().__init__(*a,**k)
        self.w=w
class C(M1,nn.Module):
    def __init__(self): super().__init__(w=4); self.f=nn.Linear(6,self.w)
    def forward(self,x): return self.f(x)
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=C()
    def forward(self, x):
        return self.l(x)


# --- init by name <- 6
class C(nn.Module):
    def __init__(self):
        nn.Module.__init__(self)
        self.f=nn.Linear(6,4)
    forward=lambda self,x:self.f(x)
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=C()
    def forward(self, x):
        return self.l(x)


# --- init_subclass <- 6
class Base(nn.Module):
    R=[]
    def __init_subclass__(cls,**k): super().__init_subclass__(**k); Base.R.append(cls)
class D(Base):
    def __init__(self): super().__init__(); self.f=nn.Linear(6,4)
    def forward(self,x): return self.f(x)
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=Base.R[0]()
    def forward(self, x):
        return self.l(x)


# --- getattr dyn <- 6
class C:
    def __getattr__(self,n): return 4 if n=='w' else 5
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=nn.Linear(6,C().w+C().v)
    def forward(self, x):
        return self.l(x)


# --- setattr loop <- 6
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        for i in range(2): setattr(self,f'l{i}',nn.Linear(6,6))
        self.l=nn.Sequential(*[getattr(self,f'l{i}') for i in range(2)])
    def forward(self, x):
        return self.l(x)


# --- vars/hasattr <- 6
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=nn.Linear(6,3) if not hasattr(self,'l') else None
        self.k=len(vars(self)) and 1
    def forward(self, x):
        return self.l(x)


# --- self.__class__ <- 6
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=nn.Linear(6,len(self.__class__.__name__))
    def forward(self, x):
        return self.l(x)


# --- argparse <- 6
import argparse
p=argparse.ArgumentParser()
p.add_argument('--w',type=int,default=4)
p.add_argument('--flag',action='store_true')
p.add_argument('-d','--depth',default=2,type=int)
args=p.parse_args([])
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=nn.Linear(6,args.w+args.depth+(1 if args.flag else 0))
    def forward(self, x):
        return self.l(x)


# --- json <- 6
import json
cfg=json.loads('{"w": 4, "l": [1,2]}')
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=nn.Linear(6,cfg['w']+cfg['l'][1])
    def forward(self, x):
        return self.l(x)


# --- typing generics <- 6
from typing import Dict,List,Tuple,TypeVar,Generic,Protocol,Optional,Union,Final,Literal,overload
T=TypeVar('T')
class B(Generic[T]):
    w: Final[int]=4
Kind=Literal['a','b']
Shape=Tuple[int,int]
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        b: Dict[str,List[int]]={'a':[B.w]};self.l=nn.Linear(6,b['a'][0])
    def forward(self, x):
        return self.l(x)


# --- overload <- 6
from typing import overload
@overload
def f(x:int)->int: ...
@overload
def f(x:str)->str: ...
def f(x): return x
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=nn.Linear(6,f(3))
    def forward(self, x):
        return self.l(x)


# --- jit <- 6
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=torch.jit.script(nn.Linear(6,3)) if False else nn.Linear(6,3)
    def forward(self, x):
        return self.l(x)


# --- forward decorators <- 6
def deco(f):
    def w(self,*a,**k): return f(self,*a,**k)
    return w
class C(nn.Module):
    def __init__(self): super().__init__(); self.f=nn.Linear(6,4)
    @deco
    @torch.no_grad()
    def forward(self,x): return self.f(x)
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=C()
    def forward(self, x):
        return self.l(x)


# --- wraps <- 6
import functools
def deco(n):
    def d(f):
        @functools.wraps(f)
        def w(*a,**k): return f(*a,**k)+n
        return w
    return d
@deco(2)
def g(x): return x
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=nn.Linear(6,g(3))
    def forward(self, x):
        return self.l(x)


# --- partialmethod <- 6
from functools import partial
lin=partial(nn.Linear,6)
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=lin(3);self.a=partial(nn.Linear,out_features=4)(3)
    def forward(self, x):
        return self.a(self.l(x))


# --- type call <- 6
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        T=type(nn.Linear(1,1));self.l=T(6,3)
    def forward(self, x):
        return self.l(x)


# --- isinstance types <- 6
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        n=3 if isinstance((1,),(list,tuple)) and isinstance('a',str) and not isinstance(True,str) and isinstance(1.0,(int,float)) and callable(nn.Linear) else 4
        self.l=nn.Linear(6,n)
    def forward(self, x):
        return self.l(x)


# --- numpy bits <- 6
import numpy as np
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=nn.Linear(6,int(np.prod([2,3]))+int(np.ceil(2.1))+len(np.linspace(0,1,4))+int(np.cumsum([1,2])[-1])+int(np.sqrt(16)))
    def forward(self, x):
        return self.l(x)


# --- np ints <- 6
import numpy as np
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=nn.Linear(6,int(np.floor(np.log2(9)))+int(np.array([1,2,3]).sum())+np.arange(4).max().item())
    def forward(self, x):
        return self.l(x)


# --- yaml unknown <- 6
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=nn.Linear(6,3)
        self.cfg=None
    def forward(self, x):
        return self.l(x)


# --- os path <- 6
import os
HERE=os.path.dirname(os.path.abspath(__file__)) if '__file__' in globals() else '.'
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=nn.Linear(6,3)
    def forward(self, x):
        return self.l(x)


# --- time/random seeds <- 6
import time,random
random.seed(0);torch.manual_seed(1);t=time.time()
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=nn.Linear(6,3)
    def forward(self, x):
        return self.l(x)


# --- logging <- 6
import logging
log=logging.getLogger(__name__)
log.info('a')
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=nn.Linear(6,3);log.debug('%d',3)
    def forward(self, x):
        return self.l(x)


# --- warnings <- 6
import warnings
warnings.filterwarnings('ignore')
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        warnings.warn('x');self.l=nn.Linear(6,3)
    def forward(self, x):
        return self.l(x)


# --- print fmt <- 6
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        print('%d %s'%(3,'a'),f'{3.14159:.2f}',sep='');self.l=nn.Linear(6,3)
    def forward(self, x):
        return self.l(x)


# --- del var <- 6
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        a=3;b=a;del a;self.l=nn.Linear(6,b)
    def forward(self, x):
        return self.l(x)


# --- multiple targets <- 6
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        a=b=3;a,b=b,a+1;self.l=nn.Linear(6,a+b)
    def forward(self, x):
        return self.l(x)


# --- aug attr <- 6
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.n=2;self.n*=2;self.n-=1;self.n**=2;self.n//=2;self.l=nn.Linear(6,self.n)
    def forward(self, x):
        return self.l(x)


# --- unary <- 6
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=nn.Linear(6,-(-3)+(not True)+(~-4))
    def forward(self, x):
        return self.l(x)


# --- float arith <- 6
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=nn.Linear(6,int(6*0.5)+int(1e1)+int(3.0//2)+int(7%4.0))
    def forward(self, x):
        return self.l(x)


# --- none coalesce <- 6
def d(v,x): return v if v is not None else x
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=nn.Linear(6,d(None,3) or 4)
    def forward(self, x):
        return self.l(x)


# --- str join/ops <- 6
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=nn.Linear(6,len('-'.join(['a','b']))+'abc'.find('c')+('a' in 'abc')+ord('a')-95+len('ab'*2))
    def forward(self, x):
        return self.l(x)


# --- bytes <- 6
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=nn.Linear(6,len(b'abc'))
    def forward(self, x):
        return self.l(x)


# --- global list mutate <- 6
L=[]
def add(n):
    L.append(n)
    return n
add(3);add(4)
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=nn.Linear(6,sum(L))
    def forward(self, x):
        return self.l(x)


# --- class in function <- 6
def make(n):
    class Inner(nn.Module):
        def __init__(s): super().__init__(); s.f=nn.Linear(6,n)
        def forward(s,x): return s.f(x)
    return Inner()
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=make(4)
    def forward(self, x):
        return self.l(x)


# --- classvar loop <- 6
class C:
    ws=[2**i for i in range(3)]
    total=sum(ws)
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=nn.Linear(6,C.total)
    def forward(self, x):
        return self.l(x)


# --- exec-ish main <- 6
if __name__=='__main__':
    raise SystemExit
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=nn.Linear(6,3)
    def forward(self, x):
        return self.l(x)


# --- async no <- 6
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=nn.Linear(6,3)
        self.f=None
    def forward(self, x):
        return self.l(x)


# --- ellipsis body <- 6
class P:
    def f(self): ...
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=nn.Linear(6,3);P().f()
    def forward(self, x):
        return self.l(x)


# --- complex slices <- 6
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        x=[[1,2],[3,4]];self.l=nn.Linear(6,[r[1] for r in x][1])
    def forward(self, x):
        return self.l(x)


# --- setitem nested <- 6
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        d={'a':{}};d['a']['b']=3;self.l=nn.Linear(6,d['a']['b'])
    def forward(self, x):
        return self.l(x)


# --- attr of fn <- 6
def f(): pass
f.width=4
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=nn.Linear(6,f.width)
    def forward(self, x):
        return self.l(x)


# --- sum generator start <- 6
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=nn.Linear(6,sum([[1],[2,3]],[])[-1])
    def forward(self, x):
        return self.l(x)


# --- map filter <- 6
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=nn.Linear(6,sum(map(int,filter(str.isdigit,'a1b2'))))
    def forward(self, x):
        return self.l(x)


# --- str type method <- 6
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=nn.Linear(6,len(str.upper('ab'))+1)
    def forward(self, x):
        return self.l(x)


# --- dict fromkeys <- 6
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=nn.Linear(6,len(dict.fromkeys('abca')))
    def forward(self, x):
        return self.l(x)


# --- list mult alias <- 6
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        b=[nn.Linear(6,6)]*2;self.l=nn.Sequential(*b)
    def forward(self, x):
        return self.l(x)


# --- moduleList comp <- 6
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l=nn.Sequential(*(nn.Linear(6,6) for _ in range(2)))
    def forward(self, x):
        return self.l(x)

