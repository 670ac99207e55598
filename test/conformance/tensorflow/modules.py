"""Networks written by hand with TensorFlow's own operations: each as a tf.Module (SavedModel), with variables where it has parameters."""

import os

import numpy as np
import tensorflow as tf

RNG = np.random.default_rng(7)


def weight(*shape):
    return RNG.normal(0, 1 / np.sqrt(max(1, np.prod(shape[:-1]))), shape).astype("float32")


def dilated(x, v):
    """A dilated convolution as TensorFlow 1 writes it: phases of the picture as a batch."""
    y = tf.raw_ops.SpaceToBatchND(input=x, block_shape=[2, 2], paddings=[[2, 2], [3, 1]])
    y = tf.nn.conv2d(y, v("kernel", 3, 3, 3, 4), 1, "VALID")
    return tf.raw_ops.BatchToSpaceND(input=y, block_shape=[2, 2], crops=[[0, 1], [1, 0]]) + v("bias", 4)


def batch_norm(x, v):
    y = tf.nn.conv2d(x, v("kernel", 3, 3, 3, 4), 2, "SAME")
    return tf.nn.relu(tf.nn.batch_normalization(
        y, v("mean", 4), tf.abs(v("variance", 4)) + 0.5, v("beta", 4), v("gamma", 4), 1e-3))


def tensordot(x, v):
    y = tf.tensordot(x, v("kernel", 3, 6), [[3], [0]]) + v("bias", 6)
    return tf.reduce_mean(tf.nn.gelu(y, approximate=True), [1, 2])


def attention_gate(x, v):
    y = tf.nn.conv2d(x, v("kernel", 1, 1, 3, 8), 1, "SAME")
    s = tf.reshape(tf.reduce_mean(y, [1, 2]), [-1, 1, 1, 8])
    s = tf.sigmoid(tf.nn.conv2d(s, v("gate", 1, 1, 8, 8), 1, "SAME"))
    return y * s


def transposed(x, v):
    n = tf.shape(x)[0]
    return tf.nn.conv2d_transpose(x, v("kernel", 3, 3, 5, 3), tf.stack([n, 17, 17, 5]), 2, "VALID")


def shape_arithmetic(x, v):
    shape = tf.shape(x)
    h, w = shape[1], shape[2]
    flat = tf.reshape(x, [shape[0], h * w, 3])
    y = tf.matmul(tf.reshape(flat, [-1, 3]), v("kernel", 3, 4))
    return tf.reshape(y, tf.concat([shape[:1], [h // 2, 2, w, 4]], 0))


def pieces(x, v):
    a, b = tf.split(x, 2, axis=1)
    c = tf.concat([b, a], 1)[:, 1:-1, ::2, :]
    d = tf.stack(tf.unstack(c, axis=3)[::-1], axis=3)
    e = tf.split(d, [1, 2], axis=-1)
    return tf.pad(tf.concat([e[1], e[0]], -1), [[0, 0], [1, 1], [2, 0], [0, 0]], "REFLECT")


def resized(x, v):
    a = tf.image.resize(x, [12, 10])
    b = tf.compat.v1.image.resize_bilinear(x, [12, 10], align_corners=True)
    c = tf.compat.v1.image.resize_nearest_neighbor(x, [12, 10])
    d = tf.image.resize(x, [12, 10], "nearest")
    e = tf.compat.v1.image.resize_bilinear(x, [12, 10])
    return tf.concat([a, b, c, d, e], 3)


def functions(x, v):
    fs = [tf.nn.relu6, tf.nn.elu, tf.nn.selu, tf.nn.leaky_relu, tf.nn.softplus, tf.nn.softsign, tf.tanh, tf.math.erf,
          tf.exp, tf.abs, tf.square, tf.math.expm1, tf.nn.silu, lambda t: tf.nn.leaky_relu(t, 0.05), tf.math.floor,
          tf.math.ceil, lambda t: tf.math.log1p(tf.abs(t)), lambda t: tf.sqrt(tf.abs(t) + 1), lambda t: tf.math.rsqrt(t * t + 1)]
    return tf.concat([f(x * (1 + 0.1 * i)) for i, f in enumerate(fs)], 3)


def arithmetic(x, v):
    a = tf.maximum(x, 0.1) - tf.minimum(x, v("c", 3))
    b = tf.where(x > 0, x / 2, x * x)
    c = tf.math.squared_difference(x, 0.5) + tf.math.divide_no_nan(x, tf.nn.relu(x))
    d = tf.clip_by_value(x, -0.5, 0.7) + tf.pow(tf.abs(x) + 1, 1.5)
    e = tf.cast(tf.logical_and(x > -1, x < 1), tf.float32)
    return tf.add_n([a, b, c, d, e])


def pooled(x, v):
    a = tf.nn.max_pool2d(x, 3, 2, "SAME")
    b = tf.nn.avg_pool2d(x, 3, 2, "SAME")
    c = tf.nn.max_pool2d(tf.pad(x, [[0, 0], [0, 1], [0, 1], [0, 0]]), 2, 2, "VALID")
    return tf.concat([a, b, c], 3)


def depth(x, v):
    return tf.nn.depth_to_space(tf.tile(tf.nn.space_to_depth(x, 2), [1, 1, 1, 2]), 2)


def response(x, v):
    return tf.nn.local_response_normalization(x, 2, bias=1.0, alpha=0.3, beta=0.75)


def depthwise(x, v):
    y = tf.nn.depthwise_conv2d(x, v("depth", 3, 3, 3, 2), [1, 1, 1, 1], "SAME", dilations=[2, 2])
    y = tf.nn.conv2d(y, v("point", 1, 1, 6, 4), 1, [[0, 0], [1, 1], [0, 2], [0, 0]])
    return tf.nn.bias_add(y, v("bias", 4))


def grouped(x, v):
    y = tf.nn.conv2d(x, v("first", 1, 1, 3, 4), 1, "SAME")
    return tf.nn.conv2d(y, v("kernel", 3, 3, 2, 6), 1, "SAME")


def einsum(x, v):
    return tf.einsum("bhwc,cd->bhwd", x, v("kernel", 3, 5))


def constant_branch(x, v):
    @tf.function
    def inner(t, training):
        return tf.cond(training, lambda: t * 0.0, lambda: tf.nn.relu(t))
    return inner(x, tf.constant(False)) + tf.ones_like(x)


def reductions(x, v):
    a = tf.reduce_max(x, [1, 2], keepdims=True) - tf.reduce_min(x, [1, 2], keepdims=True)
    b = tf.reduce_sum(x, 3, keepdims=True) / tf.norm(x, axis=3, keepdims=True)
    return x * tf.nn.softmax(a + b + tf.gather(x, [2, 0, 1], axis=3))


def layer_norm(x, v):
    mean, variance = tf.nn.moments(x, [3], keepdims=True)
    y = (x - mean) * tf.math.rsqrt(variance + 1e-3) * v("gamma", 3) + v("beta", 3)
    return tf.nn.log_softmax(tf.reshape(y, [-1, 8 * 8 * 3]))


CASES = [dilated, batch_norm, tensordot, attention_gate, transposed, shape_arithmetic, pieces, resized, functions,
         arithmetic, pooled, depth, response, depthwise, grouped, einsum, constant_branch, reductions, layer_norm]


class Network(tf.Module):
    """`body(x, v)` with a variable for each name that it asks `v` for."""

    def __init__(self, body):
        super().__init__(name=body.__name__)
        self.body, self.variables_ = body, {}
        self(tf.zeros((1, 8, 8, 3)))

    def parameter(self, name, *shape):
        if name not in self.variables_:
            with tf.init_scope():
                self.variables_[name] = tf.Variable(weight(*shape), name=name)
        return self.variables_[name]

    @tf.function(input_signature=[tf.TensorSpec((None, 8, 8, 3), tf.float32, name="x")])
    def __call__(self, x):
        return self.body(x, self.parameter)


def computed(network, x, seed=None):
    t = tf.constant(x)
    with tf.GradientTape() as tape:
        tape.watch(t)
        y = network.body(t, network.parameter)
        loss = tf.reduce_sum(y if seed is None else y * seed)
    return y.numpy(), tape.gradient(loss, t).numpy()


def picture():
    return np.random.default_rng(3).normal(0, 1, (2, 8, 8, 3)).astype("float32")


def save(network, folder):
    tf.saved_model.save(network, os.path.join(folder, "model"))
    return "model"


def cases():
    from case import Case

    for body in CASES:
        network = Network(body)
        x = picture()
        seed = np.random.default_rng(5).normal(0, 1, computed(network, x)[0].shape).astype("float32")
        y, gradient = computed(network, x, seed)
        yield Case("module-" + body.__name__, "tf.Module SavedModel", lambda folder: save(network, folder),
                   inputs=[x], outputs=[y], gradients={"x": gradient}, seed=seed)
