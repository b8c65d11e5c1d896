# Short models of Keras, each behind a line with its name and what goes in where it does not say so itself.

# --- time distributed conv <- 
i=Input((5,12,12,3))
x=layers.TimeDistributed(layers.Conv2D(4,3,activation='relu'))(i)
x=layers.TimeDistributed(layers.MaxPooling2D())(x)
x=layers.TimeDistributed(layers.Flatten())(x)
model=Model(i,layers.LSTM(6)(x))

# --- time distributed model <- 
cnn=Sequential([Input((12,12,3)),layers.Conv2D(4,3),layers.GlobalAveragePooling2D()])
i=Input((5,12,12,3))
model=Model(i,layers.GRU(4)(layers.TimeDistributed(cnn)(i)))

# --- convlstm <- 
i=Input((5,12,12,3))
model=Model(i,layers.ConvLSTM2D(4,3)(i))

# --- lstm states <- 
i=Input((5,3))
o,h,c=layers.LSTM(4,return_sequences=True,return_state=True)(i)
d=layers.LSTM(4,return_sequences=True)(o,initial_state=[h,c])
model=Model(i,layers.Dense(2)(d))

# --- attention <- 
q=Input((5,4));v=Input((6,4))
model=Model([q,v],layers.Concatenate(axis=1)([layers.Attention()([q,v]),layers.AdditiveAttention()([q,v])]))

# --- mha cross <- 
q=Input((5,4));v=Input((6,8))
model=Model([q,v],layers.MultiHeadAttention(2,3)(q,v))

# --- mha kw <- 
q=Input((5,4))
model=Model(q,layers.MultiHeadAttention(num_heads=2,key_dim=3,value_dim=5,output_shape=7)(query=q,value=q))

# --- sub model reuse <- 
b=Sequential([Input((4,)),layers.Dense(3)])
a=Input((4,));c=Input((4,))
model=Model([a,c],layers.Subtract()([b(a),b(c)]))

# --- functional sub reuse <- 
x=Input((4,))
b=Model(x,layers.Dense(3)(layers.Dense(5)(x)))
a=Input((4,));c=Input((4,))
model=Model([a,c],layers.Subtract()([b(a),b(c)]))

# --- model.output <- 
x=Input((4,))
b=Model(x,layers.Dense(3)(layers.Dense(5,name='mid')(x)))
model=Model(b.input,layers.Dense(2)(b.output))

# --- get_layer output <- 
x=Input((4,))
b=Model(x,layers.Dense(3)(layers.Dense(5,name='mid')(x)))
model=Model(b.inputs,layers.Dense(2)(b.get_layer('mid').output))

# --- loop layers freeze <- 
x=Input((4,))
b=Sequential([x,layers.Dense(3),layers.Dense(5)])
for l in b.layers[:1]: l.trainable=False
model=Model(x,layers.Dense(2)(b(x)))

# --- seq pop <- 
model=Sequential([Input((4,)),layers.Dense(3),layers.Dense(5)])
model.pop()

# --- seq names <- 
model=Sequential()
model.add(layers.Dense(3,input_shape=(4,)))
model.add(layers.Dense(2))

# --- input_dim <- 
model=Sequential()
model.add(layers.Dense(3,input_dim=4,activation='relu'))
model.add(layers.Dense(2))

# --- embedding <- 
model=Sequential([Input((7,)),layers.Embedding(10,4),layers.Conv1D(3,2,padding='causal'),layers.GlobalMaxPooling1D(),layers.Dense(1)])

# --- advanced activations <- 
i=Input((6,6,3))
x=layers.LeakyReLU(negative_slope=0.1)(i)
x=layers.PReLU()(x)
x=layers.ELU()(x)
x=layers.ReLU(max_value=6)(x)
x=layers.Softmax(axis=-1)(x)
model=Model(i,x)

# --- pads crops <- 
i=Input((9,9,3))
x=layers.ZeroPadding2D(2)(i)
x=layers.Cropping2D(((1,2),(0,1)))(x)
x=layers.UpSampling2D((2,3))(x)
x=layers.Permute((3,1,2))(x)
model=Model(i,layers.RepeatVector(3)(layers.Flatten()(x)))

# --- conv variants <- 
i=Input((9,9,4))
x=layers.Conv2D(8,3,groups=2,dilation_rate=2)(i)
x=layers.SeparableConv2D(6,3,depth_multiplier=2)(x) if False else layers.DepthwiseConv2D(3,depth_multiplier=2)(x)
model=Model(i,layers.Conv2DTranspose(3,2,strides=2,padding='same',use_bias=False)(x))

# --- 3d <- 
i=Input((6,9,9,2))
x=layers.Conv3D(4,3)(i)
x=layers.MaxPooling3D((1,2,2))(x)
x=layers.BatchNormalization()(x)
model=Model(i,layers.GlobalAveragePooling3D()(x))

# --- 1d <- 
i=Input((12,2))
x=layers.Conv1D(4,3,strides=2)(i)
x=layers.AveragePooling1D(2,padding='same')(x)
x=layers.SpatialDropout1D(0.1)(x)
x=layers.UpSampling1D(2)(x)
model=Model(i,layers.Conv1DTranspose(3,3)(x))

# --- norms <- 
i=Input((6,6,8))
x=layers.GroupNormalization(4)(i)
x=layers.LayerNormalization(axis=-1,center=False)(x)
x=layers.UnitNormalization()(x)
model=Model(i,layers.BatchNormalization(scale=False,center=False)(x))

# --- ops lots <- 
i=Input((6,4))
x=ops.expand_dims(i,-1)
x=ops.squeeze(x,-1)
x=ops.transpose(x,(0,2,1))
x=ops.max(x,axis=1,keepdims=True)+ops.sum(x,axis=1,keepdims=True)
x=ops.concatenate([x,ops.tile(x,(1,1,1))],axis=-1)
model=Model(i,layers.Dense(2)(ops.reshape(x,(-1,12))))

# --- ops split/stack <- 
i=Input((6,4))
a,b=ops.split(i,2,axis=-1)
c,d=ops.split(i,[1],axis=-1)
model=Model(i,[ops.stack([a,b],axis=1),d])

# --- ops einsum <- 
i=Input((6,4))
model=Model(i,layers.Dense(3)(ops.einsum('bij,bkj->bik',i,i)))

# --- operators <- 
i=Input((6,4))
x=(1.0-i)*i/2.0+i**2-ops.abs(-i)
x=ops.clip(x,0,1)
model=Model(i,layers.Dense(3)(x[:,1:,:]))

# --- where/cast <- 
i=Input((6,4))
x=ops.where(ops.greater(i,0),i,ops.zeros_like(i))
x=ops.cast(x,'float32')*ops.cast(i>0,'float32')
model=Model(i,layers.Dense(3)(x))

# --- activation fns <- 
i=Input((6,4))
x=keras.activations.swish(layers.Dense(3)(i))
x=layers.Activation(keras.activations.gelu)(x)
x=layers.Dense(2,activation=ops.sigmoid)(x)
model=Model(i,layers.Activation('softmax')(x))

# --- activation callable <- 
def mish(x): return x*ops.tanh(ops.softplus(x))
i=Input((6,4))
model=Model(i,layers.Dense(3,activation=mish)(i))

# --- own layer weights <- 
class L(layers.Layer):
    def __init__(self,n,**k):
        super().__init__(**k)
        self.n=n
    def build(self,s):
        self.a=self.add_weight(name='a',shape=(s[-1],self.n),trainable=True)
        self.b=self.add_weight(name='b',shape=(self.n,),trainable=False)
        super().build(s)
    def call(self,x): return ops.matmul(x,self.a)+self.b
i=Input((6,4))
model=Model(i,L(3)(L(5)(i)))

# --- own layer kw shape <- 
class L(layers.Layer):
    def build(self,input_shape):
        d=int(input_shape[-1])
        self.g=self.add_weight(shape=(d,),initializer='ones')
    def call(self,x,training=None): return x*self.g
i=Input((6,4))
model=Model(i,L()(i))

# --- own layer inside list <- 
class L(layers.Layer):
    def __init__(self):
        super().__init__()
        self.ds=[layers.Dense(4) for _ in range(3)]
    def call(self,x):
        for d in self.ds: x=d(x)
        return x
i=Input((6,4))
model=Model(i,L()(i))

# --- own layer two inputs <- 
class L(layers.Layer):
    def __init__(self):
        super().__init__()
        self.d=layers.Dense(4)
    def call(self,x,y=None): return self.d(x)+y
i=Input((6,4));j=Input((6,4))
model=Model([i,j],L()(i,y=j))

# --- own layer used twice <- 
class L(layers.Layer):
    def __init__(self):
        super().__init__()
        self.d=layers.Dense(4)
    def call(self,x): return self.d(x)
i=Input((6,4))
l=L()
model=Model(i,l(l(i)))

# --- unused sublayer <- 
class L(layers.Layer):
    def __init__(self):
        super().__init__()
        self.d=layers.Dense(4);self.e=layers.Dense(5)
    def call(self,x): return self.d(x)
i=Input((6,4))
model=Model(i,L()(i))

# --- dead branch <- 
i=Input((4,))
x=layers.Dense(3)(i)
y=layers.Dense(7)(i)
model=Model(i,x)

# --- wrapper lambda <- 
i=Input((6,4))
x=layers.Lambda(lambda t:ops.mean(t,axis=1))(i)
x=layers.Lambda(lambda t,k:t*k,arguments={'k':2})(x)
model=Model(i,layers.Dense(2)(x))

# --- K fns <- 
i=Input((6,4))
x=layers.Lambda(lambda t:K.mean(t,axis=1) if hasattr(K,'mean') else ops.mean(t,axis=1))(i)
model=Model(i,layers.Dense(2)(x))

# --- subclass model <- 4
class M(Model):
    def __init__(self,n=3):
        super().__init__(name='m')
        self.d=layers.Dense(5,activation='relu');self.o=layers.Dense(n)
        self.dr=layers.Dropout(0.5)
    def call(self,x,training=False):
        x=self.d(x)
        if training: x=self.dr(x,training=training)
        return self.o(x)
model=M()

# --- subclass build <- 4
class M(Model):
    def __init__(self):
        super().__init__()
        self.d=layers.Dense(5)
    def call(self,x): return self.d(x)
model=M()
model.build((None,4))

# --- conditional <- 
i=Input((8,))
x=i
for k,n in enumerate([5,4]):
    y=layers.Dense(n,activation='relu',name=f'd{k}')(x)
    x=y if k else layers.BatchNormalization()(y)
model=Model(inputs=i,outputs=[layers.Dense(2,name='a')(x),layers.Dense(3,name='b')(x)],name='two')

# --- bidirectional modes <- 
i=Input((5,3))
x=layers.Bidirectional(layers.GRU(4,return_sequences=True),merge_mode='sum')(i)
model=Model(i,layers.Bidirectional(layers.LSTM(2))(x))

# --- masking <- 
i=Input((5,3))
x=layers.Masking()(i)
model=Model(i,layers.SimpleRNN(4)(x))

# --- preproc <- 
i=Input((8,8,3))
x=layers.Rescaling(1/255.)(i)
x=layers.RandomFlip()(x)
x=layers.Resizing(4,4)(x)
model=Model(i,layers.Flatten()(x))

# --- mobilenet block <- 
def block(x,e,f,s):
    c=x.shape[-1]
    y=layers.Conv2D(e*c,1,use_bias=False)(x)
    y=layers.BatchNormalization()(y)
    y=layers.ReLU(6.)(y)
    y=layers.DepthwiseConv2D(3,strides=s,padding='same',use_bias=False)(y)
    y=layers.Conv2D(f,1)(y)
    return layers.Add()([x,y]) if s==1 and c==f else y
i=Input((16,16,8))
model=Model(i,block(block(i,2,8,1),3,12,2))

# --- int_shape <- 
i=Input((16,16,8))
h=i.shape[1]
x=layers.AveragePooling2D((h,h))(i)
model=Model(i,layers.Reshape((-1,))(x))
