"""Networks of Keras: by functions, by classes, with layers of one's own, with several inputs and outputs."""

import keras
from keras import Model, Sequential, layers, ops, regularizers
from keras.layers import (
    Activation, Add, AveragePooling2D, BatchNormalization, Concatenate, Conv1D, Conv2D, Dense, Dropout, Embedding,
    Flatten, GlobalAveragePooling1D, GlobalAveragePooling2D, Input, Lambda, LayerNormalization, LSTM, MaxPooling2D,
    MultiHeadAttention, Reshape, UpSampling2D, concatenate,
)  # fmt: skip

WEIGHT_DECAY = 1e-4


def conv2d_bn(x, filters, num_row, num_col, padding="same", strides=(1, 1), name=None):
    bn_name = name + "_bn" if name is not None else None
    conv_name = name + "_conv" if name is not None else None
    x = Conv2D(filters, (num_row, num_col), strides=strides, padding=padding, use_bias=False, name=conv_name)(x)
    x = BatchNormalization(axis=3, scale=False, name=bn_name)(x)
    return Activation("relu", name=name)(x)


def inception(input_shape=(32, 32, 3), classes=6, w=8, blocks=2):
    inputs = Input(shape=input_shape)
    x = conv2d_bn(inputs, w, 3, 3, strides=(2, 2), padding="valid")
    for i in range(blocks):
        branch1x1 = conv2d_bn(x, w, 1, 1)
        branch5x5 = conv2d_bn(conv2d_bn(x, w, 1, 1), 2 * w, 5, 5)
        branch3x3dbl = x
        for _ in range(2):
            branch3x3dbl = conv2d_bn(branch3x3dbl, w, 3, 3)
        branch_pool = AveragePooling2D((3, 3), strides=(1, 1), padding="same")(x)
        branch_pool = conv2d_bn(branch_pool, w, 1, 1)
        x = concatenate([branch1x1, branch5x5, branch3x3dbl, branch_pool], axis=3, name="mixed" + str(i))
    x = GlobalAveragePooling2D(name="avg_pool")(x)
    outputs = Dense(classes, activation="softmax", name="predictions")(x)
    return Model(inputs, outputs, name="inception")


class ResidualBlock(layers.Layer):
    def __init__(self, filters, strides=1, **kwargs):
        super().__init__(**kwargs)
        self.conv1 = layers.Conv2D(filters, 3, strides=strides, padding="same", use_bias=False)
        self.bn1 = layers.BatchNormalization()
        self.conv2 = layers.Conv2D(filters, 3, padding="same", use_bias=False)
        self.bn2 = layers.BatchNormalization()
        self.shortcut = None
        if strides != 1:
            self.shortcut = Sequential(
                [layers.Conv2D(filters, 1, strides=strides, use_bias=False), layers.BatchNormalization()]
            )

    def call(self, x, training=False):
        out = keras.activations.relu(self.bn1(self.conv1(x), training=training))
        out = self.bn2(self.conv2(out), training=training)
        residual = self.shortcut(x, training=training) if self.shortcut is not None else x
        return ops.relu(out + residual)


class ResNet(Model):
    def __init__(self, num_blocks=(2, 1), num_classes=5, width=8):
        super(ResNet, self).__init__()
        self.conv = layers.Conv2D(width, 3, padding="same")
        self.stages = [
            self.make_stage(width * 2**i, count, 1 if i == 0 else 2) for i, count in enumerate(num_blocks)
        ]
        self.pool = layers.GlobalAveragePooling2D()
        self.fc = layers.Dense(num_classes)

    def make_stage(self, filters, count, strides):
        return Sequential([ResidualBlock(filters, strides if j == 0 else 1) for j in range(count)])

    def call(self, inputs, training=None):
        x = self.conv(inputs)
        for stage in self.stages:
            x = stage(x, training=training)
        return self.fc(self.pool(x))


class TransformerBlock(layers.Layer):
    def __init__(self, embed_dim, num_heads, ff_dim, rate=0.1):
        super().__init__()
        self.att = MultiHeadAttention(num_heads=num_heads, key_dim=embed_dim)
        self.ffn = Sequential([Dense(ff_dim, activation="relu"), Dense(embed_dim)])
        self.layernorm1 = LayerNormalization(epsilon=1e-6)
        self.layernorm2 = LayerNormalization(epsilon=1e-6)
        self.dropout1 = Dropout(rate)
        self.dropout2 = Dropout(rate)

    def call(self, inputs):
        attn_output = self.att(inputs, inputs)
        attn_output = self.dropout1(attn_output)
        out1 = self.layernorm1(inputs + attn_output)
        ffn_output = self.dropout2(self.ffn(out1))
        return self.layernorm2(out1 + ffn_output)


class TokenAndPositionEmbedding(layers.Layer):
    def __init__(self, maxlen, vocab_size, embed_dim):
        super().__init__()
        self.token_emb = Embedding(input_dim=vocab_size, output_dim=embed_dim)
        self.pos_emb = Embedding(input_dim=maxlen, output_dim=embed_dim)

    def call(self, x):
        maxlen = ops.shape(x)[-1]
        positions = ops.arange(start=0, stop=maxlen, step=1)
        return self.token_emb(x) + self.pos_emb(positions)


def text_classifier(maxlen=20, vocab_size=50, embed_dim=12, num_heads=2, ff_dim=16):
    inputs = layers.Input(shape=(maxlen,))
    x = TokenAndPositionEmbedding(maxlen, vocab_size, embed_dim)(inputs)
    x = TransformerBlock(embed_dim, num_heads, ff_dim)(x)
    x = GlobalAveragePooling1D()(x)
    x = Dense(20, activation="relu", kernel_regularizer=regularizers.l2(WEIGHT_DECAY))(x)
    outputs = Dense(2, activation="softmax")(x)
    return keras.Model(inputs=inputs, outputs=outputs)


def tickets(num_tags=12, num_words=40, num_departments=4, steps=9):
    """Two texts and tags in, a priority and a department out."""
    title_input = keras.Input(shape=(steps,), name="title")
    body_input = keras.Input(shape=(steps,), name="body")
    tags_input = keras.Input(shape=(num_tags,), name="tags")
    title_features = layers.LSTM(16)(layers.Embedding(num_words, 8)(title_input))
    body_features = layers.LSTM(8)(layers.Embedding(num_words, 8)(body_input))
    x = layers.concatenate([title_features, body_features, tags_input])
    priority_pred = layers.Dense(1, name="priority")(x)
    department_pred = layers.Dense(num_departments, name="department")(x)
    return keras.Model(
        inputs=[title_input, body_input, tags_input],
        outputs={"priority": priority_pred, "department": department_pred},
    )


class Linear(keras.layers.Layer):
    """A dense layer of one's own."""

    def __init__(self, units=32, activation=None, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.activation = keras.activations.get(activation)

    def build(self, input_shape):
        self.w = self.add_weight(shape=(input_shape[-1], self.units), initializer="random_normal", trainable=True)
        self.b = self.add_weight(shape=(self.units,), initializer="zeros", trainable=True)
        self.built = True

    def call(self, inputs):
        return self.activation(ops.matmul(inputs, self.w) + self.b)

    def compute_output_shape(self, input_shape):
        return (*input_shape[:-1], self.units)

    def get_config(self):
        return {**super().get_config(), "units": self.units}


def mlp_of_linears(features=10, hidden=14):
    model = keras.Sequential(name="mlp")
    model.add(keras.Input(shape=(features,)))
    for width in [hidden, hidden // 2]:
        model.add(Linear(width, activation="relu"))
        model.add(Dropout(0.2))
    model.add(Linear(3))
    model.compile(optimizer=keras.optimizers.Adam(1e-3), loss="mse", metrics=["accuracy"])
    return model


class SqueezeExcite(layers.Layer):
    def __init__(self, ratio=4, **kwargs):
        super().__init__(**kwargs)
        self.ratio = ratio

    def build(self, input_shape):
        channels = input_shape[-1]
        self.squeeze = Dense(channels // self.ratio, activation="relu")
        self.excite = Dense(channels, activation="sigmoid")

    def call(self, x):
        s = ops.mean(x, axis=[1, 2])
        s = self.excite(self.squeeze(s))
        return x * ops.reshape(s, (-1, 1, 1, ops.shape(x)[-1]))


def unet(size=32, base=8, n_classes=2):
    inputs = Input((size, size, 1))
    skips = []
    x = inputs
    for depth in range(2):
        x = Conv2D(base * 2**depth, 3, activation="relu", padding="same")(x)
        x = SqueezeExcite()(x)
        skips.append(x)
        x = MaxPooling2D()(x)
    x = Conv2D(base * 4, 3, activation="relu", padding="same")(x)
    for depth, skip in reversed(list(enumerate(skips))):
        x = UpSampling2D()(x)
        x = Concatenate()([x, skip])
        x = Conv2D(base * 2**depth, 3, activation="relu", padding="same")(x)
    return Model(inputs=[inputs], outputs=[Conv2D(n_classes, 1, activation="softmax")(x)])


class Encoder(Model):
    """An encoder and a decoder in one, with a call of two inputs."""

    def __init__(self, units=10, latent=4):
        super().__init__()
        self.encoder = Sequential([Dense(units, activation="relu"), Dense(latent)])
        self.decoder = Sequential([Dense(units, activation="relu"), Dense(6)])
        self.mix = Dense(latent)

    def call(self, inputs):
        x, condition = inputs
        z = self.encoder(x)
        z = z + self.mix(ops.concatenate([z, condition], axis=-1))
        return self.decoder(z)


def conv_lstm_text(vocab=30, steps=12, units=6):
    i = Input(shape=(steps,), dtype="int32")
    x = Embedding(vocab, 8)(i)
    towers = []
    for k in (2, 3, 4):
        t = Conv1D(5, k, padding="same", activation="relu")(x)
        towers.append(layers.GlobalMaxPooling1D()(t))
    x = layers.concatenate(towers)
    x = Reshape((3, 5))(x)
    x = layers.Bidirectional(LSTM(units, return_sequences=True))(x)
    x = Lambda(lambda t: t[:, -1, :] * 2)(x)
    x = Flatten()(x)
    shared = Dense(units)
    x = Add()([shared(x), shared(Dropout(0.1)(x))])
    return Model(i, Dense(1, activation="sigmoid")(x))


def wide_and_deep(features=7, depth=3, width=8):
    inputs = {"wide": Input((features,), name="wide"), "deep": Input((features,), name="deep")}
    deep = inputs["deep"]
    for _ in range(depth):
        deep = Dense(width, activation=keras.activations.gelu)(deep)
    merged = layers.Concatenate()([inputs["wide"], deep])
    return Model(inputs=list(inputs.values()), outputs=Dense(1)(merged))


def transfer(classes=3):
    base = Sequential([Input((16, 16, 3)), Conv2D(8, 3), BatchNormalization(), Activation("relu"), MaxPooling2D()])
    base.trainable = False
    inputs = Input(shape=(16, 16, 3))
    x = layers.Rescaling(1.0 / 255)(inputs)
    x = base(x, training=False)
    x = GlobalAveragePooling2D()(x)
    return Model(inputs, Dense(classes)(x))
