"""Writes test/models/keras: tiny networks that cover every Keras layer the reader knows, with what Keras computes.

Run once with Keras 2 and once with Keras 3 (only to add cases; the files are kept in the repository):

    python -m venv k2 && k2/bin/pip install tensorflow-cpu==2.15.1 && k2/bin/python test/support/make-fixtures.py
    python -m venv k3 && k3/bin/pip install tensorflow-cpu keras    && k3/bin/python test/support/make-fixtures.py

Each NAME gives NAME.k2.h5 / NAME.k3.keras (some both ways) and NAME.k2.json: inputs and outputs, float32, NHWC as Keras has them.
Names of cases can be given as arguments.
"""

import json
import os
import sys

os.environ["CUDA_VISIBLE_DEVICES"] = ""
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import numpy as np
import tensorflow as tf

try:
    if os.environ.get("TF_USE_LEGACY_KERAS"):
        import tf_keras as keras  # Keras 2 beside Keras 3
    else:
        import keras
except ImportError:
    from tensorflow import keras
K3 = int(keras.__version__.split(".")[0]) >= 3
L = keras.layers
OUT = os.path.join(os.path.dirname(__file__), "..", "models", "keras")
CASES = {}


def case(make):
    CASES[make.__name__] = make
    return make


def image(h=6, w=5, c=4, name=None):
    return keras.Input((h, w, c), name=name)


@case
def activations():
    names = ["relu", "relu6", "leaky_relu", "elu", "selu", "gelu", "silu", "swish", "hard_sigmoid", "mish", "softplus",
             "softsign", "tanh", "sigmoid", "exponential", "linear", "softmax"]
    if not K3:
        names = [n for n in names if n not in ("relu6", "silu", "leaky_relu")]
    else:
        names += ["hard_silu", "hard_swish", "log_softmax", "log_sigmoid", "celu", "glu", "hard_tanh", "hard_shrink",
                  "soft_shrink", "tanh_shrink", "squareplus", "sparse_plus", "sparse_sigmoid"]
    x = image()
    return keras.Model(x, [L.Activation(n, name="act_" + n)(x) for n in names])


@case
def activation_layers():
    x = image()
    slope = (lambda v: {"negative_slope": v}) if K3 else (lambda v: {"alpha": v})
    outs = [
        L.ReLU()(x), L.ReLU(6.0)(x), L.ReLU(max_value=1.5, negative_slope=0.1, threshold=0.5)(x),
        L.ReLU(negative_slope=0.25)(x), L.ReLU(max_value=2.0)(x), L.ReLU(threshold=0.3)(x),
        L.LeakyReLU()(x), L.LeakyReLU(**slope(0.05))(x), L.ELU()(x), L.ELU(alpha=0.5)(x),
        L.PReLU()(x), L.PReLU(shared_axes=[1, 2])(x), L.Softmax()(x), L.Softmax(axis=1)(x),
        L.Conv2D(3, 1, activation=L.LeakyReLU(**slope(0.1)))(x),
        L.Conv2D(3, 2, activation=keras.activations.relu)(x),
    ]
    if not K3:
        outs.append(L.ThresholdedReLU(theta=0.7)(x))
        outs.append(L.Dense(3, activation=tf.nn.leaky_relu)(x))
    return keras.Model(x, outs)


@case
def convolution():
    x = image(9, 8, 4)
    s = keras.Input((11, 4))
    return keras.Model([x, s], [
        L.Conv2D(5, 3, activation="relu")(x),
        L.Conv2D(5, (3, 2), strides=2, padding="same", use_bias=False)(x),
        L.Conv2D(5, 3, dilation_rate=2, padding="same", activation="tanh")(x),
        L.Conv2D(6, 3, groups=2, padding="same")(x),
        L.Conv2D(8, 3, groups=4, strides=(2, 2))(x),
        L.Conv2D(3, 4, strides=(3, 3), padding="same", activation="softmax")(x),
        L.Conv1D(5, 3, padding="causal", dilation_rate=2, activation="relu")(s),
        L.Conv1D(5, 4, strides=2, padding="same")(s),
        L.Conv1D(6, 3, groups=2)(s),
    ])


@case
def depthwise():
    x = image(9, 8, 3)
    s = keras.Input((11, 3))
    return keras.Model([x, s], [
        L.DepthwiseConv2D(3, padding="same", activation="relu")(x),
        L.DepthwiseConv2D(3, strides=2, depth_multiplier=2, use_bias=False)(x),
        L.DepthwiseConv2D(3, dilation_rate=2, padding="same")(x),
        L.SeparableConv2D(5, 3, padding="same", depth_multiplier=2)(x),
        L.SeparableConv2D(4, 3, strides=2, activation="relu", use_bias=False)(x),
        L.SeparableConv1D(5, 3, strides=2, padding="same")(s),
        L.DepthwiseConv1D(3, depth_multiplier=2)(s),
    ])


@case
def transposed():
    x = image(4, 5, 3)
    s = keras.Input((5, 3))
    outs = [
        L.Conv2DTranspose(4, 3, strides=2, padding="same", activation="relu")(x),
        L.Conv2DTranspose(4, 3, strides=2)(x),
        L.Conv2DTranspose(2, (4, 3), strides=(3, 2), padding="same", use_bias=False)(x),
        L.Conv2DTranspose(2, 2, strides=3)(x),
        L.Conv2DTranspose(2, 3, strides=2, padding="same", output_padding=1)(x),
        L.Conv2DTranspose(2, 4)(x),
        L.Conv1DTranspose(4, 3, strides=2)(s),
        L.Conv1DTranspose(4, 3, strides=2, padding="same")(s),
    ]
    if not K3:  # Keras 3 cannot compute it without a GPU
        outs.append(L.Conv2DTranspose(2, 3, padding="same", dilation_rate=2)(x))
    return keras.Model([x, s], outs)


@case
def normalization():
    x = image(5, 4, 6)
    s = keras.Input((5, 4))
    f = L.Flatten()(s)
    return keras.Model([x, s], [
        L.BatchNormalization()(x), L.BatchNormalization(scale=False, epsilon=1e-5)(x), L.BatchNormalization(center=False)(x),
        L.BatchNormalization(scale=False, center=False)(x), L.BatchNormalization(axis=1)(x), L.BatchNormalization()(s),
        L.BatchNormalization()(f), L.LayerNormalization()(x), L.LayerNormalization(axis=[1, 2, 3])(x),
        L.LayerNormalization(center=False, epsilon=1e-6)(s), L.LayerNormalization(axis=1)(x),
        L.GroupNormalization(groups=2)(x), L.GroupNormalization(groups=-1, scale=False)(x), L.GroupNormalization(groups=1)(s),
        L.UnitNormalization()(x), L.UnitNormalization(axis=[1, 2])(x),
    ] + ([L.RMSNormalization()(x)] if K3 and hasattr(L, "RMSNormalization") else []))


@case
def pooling():
    x = image(7, 8, 3)
    s = keras.Input((9, 3))
    return keras.Model([x, s], [
        L.MaxPooling2D(2)(x), L.MaxPooling2D(3, strides=2, padding="same")(x), L.MaxPooling2D((2, 3), strides=1)(x),
        L.AveragePooling2D(2)(x), L.AveragePooling2D(3, strides=2, padding="same")(x),
        L.MaxPooling1D()(s), L.MaxPooling1D(3, strides=2, padding="same")(s), L.AveragePooling1D(3, padding="same")(s),
        L.GlobalMaxPooling2D()(x), L.GlobalAveragePooling2D()(x), L.GlobalMaxPooling2D(keepdims=True)(x),
        L.GlobalAveragePooling2D(keepdims=True)(x), L.GlobalMaxPooling1D()(s), L.GlobalAveragePooling1D(keepdims=True)(s),
    ])


@case
def merging():
    a, b = image(4, 4, 3, "a"), image(4, 4, 3, "b")
    gate = L.GlobalAveragePooling2D(keepdims=True)(b)
    row = L.Dense(3)(L.Flatten()(a))
    return keras.Model([a, b], [
        L.Add()([a, b, a]), L.Subtract()([a, b]), L.Multiply()([a, gate]), L.Average()([a, b]), L.Maximum()([a, b]),
        L.Minimum()([a, b, gate]), L.Concatenate()([a, b]), L.Concatenate(axis=1)([a, b, a]), L.Concatenate(axis=-2)([a, b]),
        L.Add()([a, row]),
    ])


@case
def scaled_sum():
    """The layer that InceptionResNetV2 of keras.applications brings along."""
    from keras.src.applications.inception_resnet_v2 import CustomScaleLayer

    x = image(4, 5, 3)
    return keras.Model(x, CustomScaleLayer(scale=0.17, name="scaled")([x, L.Conv2D(3, 1, name="residual")(x)]))


@case
def reshaping():
    x = image(6, 5, 4)
    s = keras.Input((5, 4))
    v = L.Flatten()(s)
    return keras.Model([x, s], [
        L.Flatten()(x), L.Reshape((5, 24))(x), L.Reshape((-1, 8))(x), L.Permute((3, 1, 2))(x), L.RepeatVector(3)(v),
        L.ZeroPadding2D()(x), L.ZeroPadding2D((1, 2))(x), L.ZeroPadding2D(((1, 0), (2, 3)))(x), L.ZeroPadding1D((1, 2))(s),
        L.ZeroPadding1D(2)(s), L.Cropping2D(1)(x), L.Cropping2D(((1, 2), (0, 1)))(x), L.Cropping1D((1, 2))(s),
        L.Dense(3, activation="relu")(x), L.Dense(3, use_bias=False)(s), L.Dense(2, activation="softmax")(L.Reshape((2, 3, 5, 4))(x)),
        L.Flatten(data_format="channels_first")(x), L.Cropping2D(0)(x),
    ])


@case
def resizing():
    x = image(6, 8, 3)
    s = keras.Input((5, 4))
    return keras.Model([x, s], [
        L.UpSampling2D()(x), L.UpSampling2D((3, 2), interpolation="bilinear")(x), L.UpSampling1D(3)(s),
        L.Resizing(9, 11)(x), L.Resizing(3, 5)(x), L.Resizing(9, 11, interpolation="nearest")(x),
        L.Resizing(4, 4, crop_to_aspect_ratio=True)(x), L.CenterCrop(3, 4)(x), L.CenterCrop(5, 5)(x), L.CenterCrop(8, 10)(x),
    ])


@case
def preprocessing():
    x = image(6, 8, 3)
    stats = L.Normalization()
    stats.adapt(np.random.default_rng(3).normal(2, 3, (50, 6, 8, 3)).astype("float32"))
    y = stats(x)
    rows = L.Normalization(axis=1)
    rows.adapt(np.random.default_rng(4).normal(2, 3, (50, 6, 8, 3)).astype("float32"))
    return keras.Model(x, [
        L.Rescaling(1 / 255.0)(x), L.Rescaling(1 / 127.5, offset=-1)(x), L.Rescaling([0.5, 2.0, 3.0], offset=[1.0, 2.0, 3.0])(x),
        y, rows(x), L.Normalization(mean=[1.0, 2.0, 3.0], variance=[4.0, 5.0, 6.0])(x), L.Normalization(axis=None, mean=1.5, variance=2.0)(x),
        L.Normalization(mean=[1.0, 2.0, 3.0], variance=[4.0, 5.0, 6.0], invert=True)(x),
    ])


@case
def training_only():
    x = image(6, 6, 3)
    y = L.RandomContrast(0.2)(L.RandomZoom(0.1)(L.RandomRotation(0.1)(L.RandomFlip()(x))))
    y = L.Dropout(0.5)(L.Conv2D(4, 3)(y))
    y = L.GaussianDropout(0.1)(L.GaussianNoise(0.1)(L.SpatialDropout2D(0.2)(y)))
    y = L.ActivityRegularization(0.1)(L.AlphaDropout(0.1)(y))
    return keras.Model(x, L.Conv2D(2, 1)(y))


def block(filters, name, **options):
    own = "" if K3 else name + "_"  # Keras 2 cannot write two weights of the same name below one model to .h5
    return keras.Sequential([
        L.Conv2D(filters, 3, padding="same", use_bias=False, name=own + "conv"), L.BatchNormalization(name=own + "bn"), L.ReLU(name=own + "relu"),
    ], name=name, **options)


@case
def nested():
    inner_in = image(6, 6, 3, "inner_in")
    y = block(4, "first")(inner_in)
    y = L.Add(name="sum")([block(4, "second")(y), y])
    inner = keras.Model(inner_in, [y, L.GlobalAveragePooling2D(name="gap")(y)], name="inner")
    inner.get_layer("first").trainable = False
    a = image(6, 6, 3, "a")
    maps, pooled = inner(a)
    maps2, _ = inner(L.Rescaling(0.5, name="half")(a))
    shared = L.Conv2D(5, 1, name="shared")
    head = keras.Sequential([keras.Input((4,)), L.Dense(3, activation="relu"), L.Dense(2, activation="softmax")], name="head")
    return keras.Model(a, [shared(maps), shared(maps2), head(pooled), L.Conv2D(2, 1, name="last")(maps)], name="outer")


@case
def sequential():
    return keras.Sequential([
        L.Conv2D(4, 3, activation="relu", name="conv"), L.MaxPooling2D(), block(3, "inner"), L.Flatten(), L.Dense(4, activation="softmax"),
    ])


@case
def two_inputs():
    a, b = image(5, 5, 2, "picture"), keras.Input((3,), name="numbers")
    y = L.Concatenate()([L.GlobalAveragePooling2D()(L.Conv2D(4, 3)(a)), L.Dense(2)(b)])
    return keras.Model({"picture": a, "numbers": b}, {"yes": L.Dense(1, activation="sigmoid", name="yes")(y), "value": L.Dense(2, name="value")(y)})


@case
def operations():
    x = image(5, 4, 6)
    y = L.Conv2D(6, 1)(x)
    outs = [x * 2.0 + 1.0, 3.0 - x, x + y, x - y, x / (y * y + 1.0), -x, x[:, 1:4, :-1], x[..., 2:], x[:, 0]]
    if K3:
        o = keras.ops
        outs += [o.relu(x), o.relu6(x), o.silu(x), o.mean(x, axis=[1, 2], keepdims=True), o.max(x, axis=-1), o.concatenate([x, y], axis=1),
                 o.reshape(x, (-1, 20, 6)), o.transpose(x, (0, 3, 1, 2)), o.expand_dims(x, 1), o.squeeze(o.mean(x, axis=1, keepdims=True), 1),
                 o.sqrt(o.absolute(x)), o.maximum(x, y), o.clip(x, -0.5, 0.5), o.pad(x, [[0, 0], [1, 2], [0, 1], [0, 0]]), o.sigmoid(x),
                 o.softmax(x, axis=-1), o.power(o.absolute(x), 1.5), o.split(x, 2, axis=3)[1], o.leaky_relu(x, 0.3), o.gelu(x), o.cast(x, "float32") * 1.0]
    else:
        outs += [tf.nn.relu(x), tf.nn.relu6(x), tf.nn.silu(x), tf.reduce_mean(x, [1, 2], keepdims=True), tf.reduce_max(x, axis=-1), tf.concat([x, y], 1),
                 tf.reshape(x, (-1, 20, 6)), tf.transpose(x, (0, 3, 1, 2)), tf.expand_dims(x, 1), tf.squeeze(tf.reduce_mean(x, 1, keepdims=True), 1),
                 tf.sqrt(tf.abs(x)), tf.maximum(x, y), tf.clip_by_value(x, -0.5, 0.5), tf.pad(x, [[0, 0], [1, 2], [0, 1], [0, 0]]), tf.sigmoid(x),
                 tf.nn.softmax(x), tf.math.pow(tf.abs(x), 1.5), tf.split(x, 2, axis=3)[1], tf.nn.leaky_relu(x, 0.3), tf.nn.gelu(x),
                 tf.math.multiply(tf.constant([1.0, 2, 3, 4, 5, 6]), x), tf.image.resize(x, (7, 9)), tf.nn.relu6(x + 3.0) * (1.0 / 6.0)]
    return keras.Model(x, outs)


@case
def attention():
    """Attention in all its layers, and what transformers are made of besides."""
    s, t = keras.Input((5, 8), name="s"), keras.Input((4, 8), name="t")
    x = image(3, 4, 8, "x")
    mha = L.MultiHeadAttention(2, 3, name="mha")
    outs = [
        mha(s, s), mha(s, t), L.MultiHeadAttention(2, 3, value_dim=5, output_shape=7, use_bias=False, name="wide")(s, t),
        L.MultiHeadAttention(2, 4, name="causal")(s, s, use_causal_mask=True), L.MultiHeadAttention(2, 3, name="cells")(x, x),
        L.Attention()([s, t]), L.Attention(use_scale=True)([s, t, t]), L.AdditiveAttention()([s, t]),
        L.Dot(axes=2)([s, t]), L.Dot(axes=(1, 2))([s, L.Permute((2, 1))(s)]), L.LayerNormalization(epsilon=1e-6)(s),
    ]
    if K3:
        outs += [
            L.EinsumDense("abc,cd->abd", output_shape=(None, 6), bias_axes="d", activation="relu")(s),
            L.EinsumDense("abc,cde->abde", output_shape=(None, 2, 3), bias_axes="de")(s),
            L.EinsumDense("abcx,xy->abcy", output_shape=(None, None, 6))(x), L.GroupQueryAttention(4, 4, 2)(s, s),
            keras.ops.einsum("bic,bjc->bij", s, t), keras.ops.matmul(s, keras.ops.transpose(t, (0, 2, 1))),
            s + np.random.default_rng(5).normal(size=(1, 5, 8)).astype("float32"),
        ]
    else:
        outs += [tf.matmul(s, t, transpose_b=True), L.MultiHeadAttention(2, 3, name="scores")(s, t, return_attention_scores=True)[1]]
    return keras.Model([s, t, x], outs)


@case
def recurrent():
    """Recurrent layers in both directions, with states handed on, and layers on each step."""
    s, v = keras.Input((6, 3), name="s"), keras.Input((3, 5, 4, 2), name="v")
    steps, hidden, cell = L.LSTM(4, return_sequences=True, return_state=True, name="stateful")(s)
    frames = L.TimeDistributed(L.Conv2D(3, 2, activation="relu"), name="frames")(v)
    inner = keras.Sequential([keras.Input((5, 4, 2)), L.Conv2D(3, 3), L.GlobalMaxPooling2D()], name="inner")
    outs = [
        steps, L.GRU(3, name="gru")(steps), L.GRU(3, reset_after=False, return_sequences=True, name="before")(s),
        L.SimpleRNN(3, activation="relu", use_bias=False, name="plain")(s), L.LSTM(4, name="further")(s, initial_state=[hidden, cell]),
        L.LSTM(2, go_backwards=True, return_sequences=True, recurrent_activation="hard_sigmoid", name="backwards")(s),
        L.Bidirectional(L.LSTM(2, return_sequences=True), name="both")(s), L.Bidirectional(L.GRU(2), merge_mode="sum", name="summed")(s),
        L.Bidirectional(L.SimpleRNN(2), merge_mode="ave", name="averaged")(s),
        L.LSTM(3, name="of_frames")(L.TimeDistributed(L.Flatten())(L.TimeDistributed(L.MaxPooling2D((2, 1)))(frames))),
        L.LSTM(3, name="of_models")(L.TimeDistributed(inner, name="models")(v)),
    ]
    return keras.Model([s, v], outs)


@case
def embedding():
    words = keras.Input((6,), name="words")
    y = L.Embedding(9, 4, name="table")(words)
    return keras.Model(words, [y, L.Dense(3, activation="softmax")(L.GlobalAveragePooling1D()(y))])


@case
def functions():
    """Operations between layers: comparisons, choices, places, whole numbers."""
    x = image(4, 5, 6, "x")
    y = L.Conv2D(6, 1)(x)
    o = keras.ops if K3 else None
    if K3:
        outs = [o.where(o.greater(x, 0.2), x, y), o.where(o.logical_and(x >= 0.0, y < 0.5), x, -1.0), o.stack([x, y], axis=1), o.stack([x, y], axis=-1),
                o.sin(x) + o.cos(y), o.round(x * 3.0), o.ceil(x), o.cast(o.argmax(x, axis=-1), "float32"), o.cast(o.argmin(x, axis=1), "float32"),
                o.cumsum(x, axis=2), o.mod(x, 0.7), x % 0.7, x // 0.7, o.zeros_like(x) + y, o.ones_like(x) * y, o.full_like(x, 3.0) - y, o.prod(x, axis=-1),
                o.var(x, axis=[1, 2]), o.std(x, axis=-1, keepdims=True), o.logsumexp(x, axis=-1), o.flip(x, axis=2), o.roll(x, 2, axis=1),
                o.repeat(x, 2, axis=1), o.tile(x, (1, 2, 1, 3)), o.take(x, [0, 2, 5], axis=-1), o.swapaxes(x, 1, 3), o.moveaxis(x, -1, 1), x[:, ::-1, 1::2],
                x[:, -1, :, None], o.expm1(x), o.log1p(o.abs(x)), o.tan(x), o.sinh(x), o.broadcast_to(x[:, :1], (2, 4, 5, 6)), o.amax(x, axis=(1, 2)),
                o.one_hot(o.cast(o.argmax(x, axis=-1), "int32"), 6), o.tril(x), o.triu(x, k=1), o.split(x, [1, 3], axis=2)[2], o.unstack(x, axis=3)[1],
                o.cast(o.any(x > 1.0, axis=-1), "float32"), o.cast(o.all(x > -1.0, axis=-1), "float32"), o.normalize(x, axis=-1), o.image.resize(x, (7, 9))]
        outs.pop(33)  # broadcast_to names a batch
    else:
        rows = tf.shape(x)[0]
        outs = [tf.where(x > 0.2, x, y), tf.where(tf.logical_and(x >= 0.0, y < 0.5), x, tf.zeros_like(x)), tf.stack([x, y], axis=1), tf.stack([x, y])[1],
                tf.sin(x) + tf.cos(y), tf.round(x * 3.0), tf.math.ceil(x), tf.cast(tf.argmax(x, axis=-1), tf.float32), tf.cast(tf.argmin(x, axis=1), tf.float32),
                tf.cumsum(x, axis=2), tf.cumsum(x, axis=1, exclusive=True, reverse=True), tf.math.mod(x, 0.7), x % 0.7, x // 0.7, tf.ones_like(x) * y,
                tf.reduce_prod(x, axis=-1), tf.math.reduce_variance(x, axis=[1, 2]), tf.math.reduce_std(x, axis=-1, keepdims=True), tf.reduce_logsumexp(x, axis=-1),
                tf.reverse(x, [2]), tf.roll(x, 2, axis=1), tf.repeat(x, 2, axis=1), tf.tile(x, (1, 2, 1, 3)), tf.gather(x, [0, 2, 5], axis=-1),
                x[:, ::-1, 1::2], x[:, -1, :, tf.newaxis], tf.reshape(x, [rows, -1]), tf.reshape(x, [rows, 20, 6]), tf.math.squared_difference(x, y),
                tf.math.l2_normalize(x, axis=-1), tf.unstack(x, axis=3)[1], tf.split(x, [1, 2, 2], axis=2)[2], tf.one_hot(tf.argmax(x, axis=-1), 6),
                tf.cast(tf.reduce_any(x > 1.0, axis=-1), tf.float32), tf.math.maximum(0.1, x), 1.0 - x, tf.nn.bias_add(x, tf.constant([1.0, 2, 3, 4, 5, 6]))]
    return keras.Model(x, outs)


@case
def opaque():
    x = image(6, 6, 3, "image")
    y = L.Conv2D(4, 3, activation="relu", name="before")(x)
    y = L.Lambda(lambda t: t * 2, name="code")(y)
    y = L.Conv2D(5, 3, name="after")(y)
    return keras.Model(x, L.GlobalAveragePooling2D(name="pooled")(y))


@case
def free_size():
    x = keras.Input((None, None, 3))
    return keras.Model(x, L.GlobalAveragePooling2D()(L.Conv2D(4, 3, strides=2)(x)))


def to_last(first_config):
    """The same network for channels-last data, which is what TensorFlow can compute without a GPU."""
    text = json.dumps(first_config).replace("channels_first", "channels_last").replace('"axis": [1]', '"axis": [3]').replace('"axis": 1', '"axis": 3')
    return json.loads(text)


@case
def channels_first():
    x = keras.Input((3, 8, 6))
    cf = {"data_format": "channels_first"}
    y = L.Conv2D(4, 3, activation="relu", name="conv", **cf)(x)
    y = L.BatchNormalization(axis=1, name="bn")(y)
    y = L.DepthwiseConv2D(3, padding="same", name="dw", **cf)(y)
    y = L.ZeroPadding2D(1, **cf)(y)
    y = L.MaxPooling2D(**cf)(y)
    y = L.Conv2DTranspose(3, 3, strides=2, name="up", **cf)(y)
    y = L.UpSampling2D(**cf)(y)
    return keras.Model(x, [y, L.GlobalAveragePooling2D(**cf)(y), L.Flatten(**cf)(y)])


def randomise(model, rng):
    values = []
    for w, v in zip(model.weights, model.get_weights()):
        if not np.issubdtype(v.dtype, np.floating) or w.name.split(":")[0] in ("mean", "variance"):
            values.append(v)  # Normalization's statistics come from adapt
        elif "variance" in w.name or "gamma" in w.name:
            values.append(rng.uniform(0.5, 1.5, v.shape).astype(v.dtype))
        else:
            values.append((rng.normal(0, 0.5, v.shape)).astype(v.dtype))
    model.set_weights(values)


def compact(array):
    return {"shape": list(array.shape), "data": [float(f"{v:.8g}") for v in np.asarray(array, "float32").ravel()]}


def write(name, make):
    keras.backend.clear_session()
    rng = np.random.default_rng(7)
    model = make()
    if not model.built:
        model(np.zeros((2, 8, 8, 3), "float32"))
    shapes = [tuple(2 if d is None and i == 0 else (9 if d is None else d) for i, d in enumerate(t.shape)) for t in model.inputs]
    randomise(model, rng)
    inputs = [rng.normal(0, 1.5, s).astype("float32") for s in shapes]
    if name == "embedding":
        inputs = [rng.integers(0, 9, s).astype("float32") for s in shapes]
    runner, flip = model, False
    if name == "channels_first":
        config = to_last(model.get_config())
        for layer in config["layers"]:
            for key in ("batch_shape", "batch_input_shape"):
                if key in layer["config"]:
                    layer["config"][key] = [None, 8, 6, 3]
            layer.pop("build_config", None)
        config = json.loads(json.dumps(config).replace('"shape": [null, 3, 8, 6]', '"shape": [null, 8, 6, 3]'))
        runner, flip = keras.Model.from_config(config), True
        runner.set_weights(model.get_weights())
    feeds = [x.transpose(0, 2, 3, 1) if flip else x for x in inputs]
    if name == "two_inputs":
        result = runner({t.name: f for t, f in zip(model.inputs, feeds)}, training=False)
    else:
        result = runner(feeds if len(feeds) > 1 else feeds[0], training=False)
    if not isinstance(result, (dict, list, tuple)):
        result = [result]
    names = list(result) if isinstance(result, dict) else [None] * len(result)
    outputs = [np.asarray(o) for o in (result.values() if isinstance(result, dict) else result)]
    if flip:
        outputs = [o.transpose(0, 3, 1, 2) if o.ndim == 4 else o for o in outputs]
    tag = "k3" if K3 else "k2"
    both = name in ("nested", "convolution", "normalization", "sequential", "two_inputs", "operations", "opaque", "preprocessing", "depthwise", "recurrent")
    kinds = ["h5", "keras"] if both else ["keras"] if K3 else ["h5"]
    for kind in kinds:
        path = os.path.join(OUT, f"{name}.{tag}.{kind}")
        try:
            model.save(path)
        except Exception as error:  # e.g. Keras 3 cannot write some objects to .h5
            print("  not saved as", kind, repr(error)[:150])
            if os.path.exists(path):
                os.remove(path)
    with open(os.path.join(OUT, f"{name}.{tag}.json"), "w") as f:
        json.dump({"inputs": [{"name": t.name, **compact(x)} for t, x in zip(model.inputs, inputs)],
                   "outputs": [{"name": n, **compact(o)} for n, o in zip(names, outputs)]}, f, separators=(",", ":"))
    print(name, tag, len(names), "outputs")


if __name__ == "__main__":
    os.makedirs(OUT, exist_ok=True)
    for name, make in CASES.items():
        if len(sys.argv) < 2 or name in sys.argv[1:]:
            write(name, make)
