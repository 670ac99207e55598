"""Writes test/golden/data/suppression: tiny detectors that end in their own non-maximum suppression, with what the runtimes that
know it leave.

    python -m venv env && env/bin/pip install onnx onnxruntime && env/bin/python test/support/make-suppression.py onnx
    python -m venv torch && torch/bin/pip install torch torchvision && torch/bin/python test/support/make-suppression.py torch
    python -m venv tf && tf/bin/pip install tensorflow-cpu && tf/bin/python test/support/make-suppression.py tensorflow

boxes.json: by the file's name, [box, class, score, x, y, width, height] of each box that is left, the surest first.
"""

import json
import os
import sys
import tempfile

import numpy as np

OUT = os.path.join(os.path.dirname(__file__), "..", "golden", "data", "suppression")
SIDE, GRID, CLASSES = 32, 8, 3
BOXES = GRID * GRID
RNG = np.random.default_rng(7)
KERNEL = RNG.normal(0, 0.08, (8, 8, 3, 4 + CLASSES)).astype("float32")
BIAS = np.array([0, 0, 0.5, 0.5, *[-0.5] * CLASSES], "float32")
PICTURE = RNG.normal(0, 1, (1, SIDE, SIDE, 3)).astype("float32")


def keep(found):
    """Adds what was found to boxes.json."""
    name = os.path.join(OUT, "boxes.json")
    known = json.load(open(name)) if os.path.exists(name) else {}
    rows = {
        file: sorted(([int(b), int(c), *[float(f"{v:.7g}") for v in rest]] for b, c, *rest in all), key=lambda row: -row[2])
        for file, all in found.items()
    }
    with open(name, "w") as file:
        told = {name: "[\n  " + ",\n  ".join(map(json.dumps, all)) + "\n]" for name, all in {**known, **rows}.items()}
        file.write("{" + ",".join(f"\n{json.dumps(name)}: {all}" for name, all in told.items()) + "\n}\n")
    for file, all in rows.items():
        print(file, len(all), len({row[1] for row in all}))


def onnx_files():
    import onnx
    import onnxruntime as ort
    from onnx import TensorProto as T
    from onnx import helper as h
    from onnx import numpy_helper

    def const(name, value, dtype="float32"):
        return numpy_helper.from_array(np.asarray(value, dtype), name)

    rows, columns = np.mgrid[0:GRID, 0:GRID]
    centres = np.stack([(columns.ravel() + 0.5) * 4, (rows.ravel() + 0.5) * 4], 1)[None]
    base = [
        h.make_node("Conv", ["x", "kernel", "bias"], ["maps"], strides=[4, 4], pads=[2, 2, 2, 2]),
        h.make_node("Transpose", ["maps"], ["last"], perm=[0, 2, 3, 1]),
        h.make_node("Reshape", ["last", "flat"], ["cells"]),
        h.make_node("Split", ["cells", "parts"], ["near", "far", "raw"], axis=2),
        h.make_node("Mul", ["near", "stride"], ["moved"]),
        h.make_node("Add", ["moved", "centres"], ["centre"]),
        h.make_node("Sigmoid", ["far"], ["share"]),
        h.make_node("Mul", ["share", "most"], ["size"]),
        h.make_node("Sigmoid", ["raw"], ["sure"]),
        h.make_node("Transpose", ["sure"], ["scores"], perm=[0, 2, 1]),
    ]
    corners = [
        h.make_node("Mul", ["size", "half"], ["halves"]),
        h.make_node("Sub", ["centre", "halves"], ["low"]),
        h.make_node("Add", ["centre", "halves"], ["high"]),
    ]
    x_first = [*corners, h.make_node("Concat", ["low", "high"], ["boxes"], axis=2)]
    y_first = [
        *corners,
        h.make_node("Concat", ["low", "high"], ["ordered"], axis=2),
        h.make_node("Gather", ["ordered", "swap"], ["boxes"], axis=2),
    ]
    middle = [h.make_node("Concat", ["centre", "size"], ["boxes"], axis=2)]
    suppressed = lambda boxes, scores, limits, **more: h.make_node(
        "NonMaxSuppression", [boxes, scores, *limits], ["selected"], name="suppression", **more
    )
    limits = ["most_boxes", "iou", "least"]
    # what PyTorch's exporter writes behind torchvision.ops.nms, and what others do to give boxes and scores
    gathered = [
        h.make_node("Gather", ["selected", "last_column"], ["places"], axis=1),
        h.make_node("Squeeze", ["places", "one"], ["flat_places"]),
        h.make_node("Gather", ["boxes", "flat_places"], ["kept_boxes"], axis=1),
    ]
    tuples = [
        h.make_node("Gather", ["selected", "box_columns"], ["places"], axis=1),
        h.make_node("GatherND", ["boxes", "places"], ["kept_boxes"]),
    ]
    apart = [
        h.make_node("ReduceMax", ["sure"], ["best"], axes=[2], keepdims=1),
        h.make_node("ArgMax", ["sure"], ["kind"], axis=2, keepdims=1),
        h.make_node("Cast", ["kind"], ["kind_number"], to=T.FLOAT),
        h.make_node("Mul", ["kind_number", "far_away"], ["offset"]),
        h.make_node("Add", ["boxes", "offset"], ["moved_boxes"]),
        h.make_node("Transpose", ["best"], ["best_first"], perm=[0, 2, 1]),
        suppressed("moved_boxes", "best_first", limits),
    ]
    value = lambda name, type, *shape: h.make_tensor_value_info(name, type, shape)
    kept = value("kept_boxes", T.FLOAT, None, None)
    files = {
        "corners": ("pytorch", x_first, [suppressed("boxes", "scores", limits), *gathered], "xyxy", "each", []),
        "y_first": ("tf2onnx", y_first, [suppressed("boxes", "scores", limits), *tuples], "yxyx", "each", []),
        "centre": ("pytorch", middle, [suppressed("boxes", "scores", limits, center_point_box=1), *gathered], "cxcywh", "each", []),
        "apart": ("pytorch", x_first, [*apart, *gathered], "xyxy", "surest", []),
        "fed_limits": ("pytorch", x_first, [suppressed("boxes", "scores", ["most_boxes", "iou_fed", "least_fed"]), *gathered], "xyxy", "each",
                       [value("iou_fed", T.FLOAT, 1), value("least_fed", T.FLOAT, 1)]),
    }
    found = {}
    for name, (producer, decode, end, form, kinds, fed) in files.items():
        stored = [
            const("kernel", KERNEL.transpose(3, 2, 0, 1)), const("bias", BIAS), const("flat", [0, BOXES, 4 + CLASSES], "int64"),
            const("parts", [2, 2, CLASSES], "int64"), const("stride", 4), const("centres", centres), const("most", 16), const("half", 0.5),
            const("swap", [1, 0, 3, 2], "int64"), const("most_boxes", [7], "int64"), const("iou", [0.3]), const("least", [0.4]),
            const("last_column", [2], "int64"), const("one", [1], "int64"), const("box_columns", [0, 2], "int64"), const("far_away", 4096),
        ]
        nodes = [*base, *decode, *end]
        used = {i for node in nodes for i in node.input}
        graph = h.make_graph(nodes, name, [value("x", T.FLOAT, 1, 3, SIDE, SIDE), *fed], [kept],
                             [one for one in stored if one.name in used])
        model = h.make_model(graph, opset_imports=[h.make_opsetid("", 13)], producer_name=producer, ir_version=8)
        onnx.checker.check_model(model)
        onnx.save(model, os.path.join(OUT, f"{name}.onnx"))
        for extra in ["selected", "boxes", "sure"]:
            model.graph.output.append(h.make_empty_tensor_value_info(extra))
        run = ort.InferenceSession(model.SerializeToString())
        feeds = {"x": PICTURE.transpose(0, 3, 1, 2)}
        if fed:
            feeds |= {"iou_fed": np.float32([0.45]), "least_fed": np.float32([0.25])}
        _, selected, boxes, sure = run.run(None, feeds)
        rows = []
        for _, kind, place in selected:
            a, b, c, d = boxes[0, place]
            kind = sure[0, place].argmax() if kinds == "surest" else kind
            x, y, width, height = {
                "xyxy": (a, b, c - a, d - b), "yxyx": (b, a, d - b, c - a), "cxcywh": (a - c / 2, b - d / 2, c, d),
            }[form]
            rows.append([place, kind, sure[0, place, kind], x, y, width, height])
        found[f"{name}.onnx"] = rows
    keep(found)


def tensorflow_files():
    os.environ["CUDA_VISIBLE_DEVICES"] = ""
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    import tensorflow as tf
    from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

    # one of its rewritings takes wrong maxima of sigmoids (2.15)
    tf.config.optimizer.set_experimental_options({"disable_meta_optimizer": True})
    rows, columns = np.mgrid[0:GRID, 0:GRID]
    centres = np.float32(np.stack([(columns.ravel() + 0.5) * 4, (rows.ravel() + 0.5) * 4], 1))[None]
    # y, x, height, width in shares of the picture
    anchors = np.float32(np.concatenate([centres[0, :, ::-1] / SIDE, np.full((BOXES, 2), 0.25)], 1))

    def cells(x):
        padded = tf.pad(x, [[0, 0], [2, 2], [2, 2], [0, 0]])
        maps = tf.nn.bias_add(tf.nn.conv2d(padded, KERNEL, 4, "VALID"), BIAS)
        near, far, raw = tf.split(tf.reshape(maps, [-1, BOXES, 4 + CLASSES]), [2, 2, CLASSES], 2)
        return near, far, tf.sigmoid(raw)

    def decoded(x):
        near, far, sure = cells(x)
        centre, half = near * 4 + centres, tf.sigmoid(far) * 8
        low, high = tf.reverse(centre - half, [2]), tf.reverse(centre + half, [2])
        return tf.concat([low, high], 2) / SIDE, sure

    limits = {"max_output_size": 9, "iou_threshold": 0.3, "score_threshold": 0.4}

    def v3(x):
        boxes, sure = decoded(x)
        boxes, best = boxes[0], tf.reduce_max(sure, 2)[0]
        kept = tf.image.non_max_suppression(boxes, best, **limits)
        return {"boxes": tf.gather(boxes, kept), "scores": tf.gather(best, kept)}

    def v4(x):
        boxes, sure = decoded(x)
        boxes, best = tf.squeeze(boxes, 0), tf.squeeze(tf.reduce_max(sure, 2), 0)
        kept, count = tf.raw_ops.NonMaxSuppressionV4(boxes=boxes, scores=best, pad_to_max_output_size=True, **limits)
        return {"boxes": tf.gather(boxes, kept), "scores": tf.gather(best, kept), "count": count}

    def v5(x):
        boxes, sure = decoded(x)
        boxes, sure = boxes[0], sure[0, :, 1]
        kept, scores = tf.image.non_max_suppression_with_scores(boxes, sure, **limits)
        return {"boxes": tf.gather(boxes, kept), "scores": scores}

    def combined(x):
        boxes, sure = decoded(x)
        found = tf.image.combined_non_max_suppression(boxes[:, :, None], sure, 5, 12, 0.3, 0.4, clip_boxes=False)
        return dict(zip(["boxes", "scores", "classes", "count"], found))

    found = {}

    def rect(box):
        y, x, bottom, right = box * SIDE
        return x, y, right - x, bottom - y

    boxes, sure = (value.numpy()[0] for value in decoded(PICTURE))
    place = lambda box: int(np.abs(boxes - box).sum(1).argmin())
    for name, run, batch in [("v3", v3, 1), ("v4", v4, 1), ("v5", v5, 1), ("combined", combined, None)]:
        function = tf.function(run, input_signature=[tf.TensorSpec([batch, SIDE, SIDE, 3], name="x")])
        concrete = function.get_concrete_function()
        out = {key: value.numpy() for key, value in function(PICTURE).items()}
        print(name, sorted({node.op for node in concrete.graph.as_graph_def().node if "Suppression" in node.op}))
        frozen = convert_variables_to_constants_v2(concrete).graph.as_graph_def()
        with open(os.path.join(OUT, f"{name}.pb"), "wb") as file:
            file.write(frozen.SerializeToString(deterministic=True))
        count = int(np.ravel(out["count"])[0]) if "count" in out else len(out["boxes"])
        kept = out["boxes"].reshape(-1, 4)[:count]
        kinds = out["classes"].ravel() if "classes" in out else [sure[place(box)].argmax() if name != "v5" else 0 for box in kept]
        scores = out["scores"].ravel()
        found[f"{name}.pb"] = [[place(box), kinds[i], scores[i], *rect(box)] for i, box in enumerate(kept)]

    def lite(regular):
        settings = (
            'name: "TFLite_Detection_PostProcess" '
            + " ".join(f'attr {{ key: "{key}" value {{ i: {value} }} }}' for key, value in {
                "max_detections": 9, "max_classes_per_detection": 1, "detections_per_class": 4, "num_classes": CLASSES}.items())
            + f' attr {{ key: "use_regular_nms" value {{ b: {str(regular).lower()} }} }}'
            + " ".join(f' attr {{ key: "{key}" value {{ f: {value} }} }}' for key, value in {
                "nms_score_threshold": 0.4, "nms_iou_threshold": 0.3, "y_scale": 10, "x_scale": 10, "h_scale": 5, "w_scale": 5}.items())
        )

        @tf.function(experimental_implements=settings)
        def end(encoded, scores, anchors):
            return tf.constant(0.0), tf.constant(0.0), tf.constant(0.0), tf.constant(0.0)

        @tf.function(input_signature=[tf.TensorSpec([1, SIDE, SIDE, 3], name="x")])
        def run(x):
            near, far, sure = cells(x)
            encoded = tf.concat([near, far], 2)
            return end(encoded, tf.concat([1 - tf.reduce_max(sure, 2, keepdims=True), sure], 2), tf.constant(anchors))

        module = tf.Module()
        module.run = run
        with tempfile.TemporaryDirectory() as folder:
            tf.saved_model.save(module, folder, signatures=run.get_concrete_function())
            converter = tf.lite.TFLiteConverter.from_saved_model(folder)
            converter.allow_custom_ops = True
            return converter.convert()

    for name, regular in [("fast", False), ("regular", True)]:
        content = lite(regular)
        with open(os.path.join(OUT, f"{name}.tflite"), "wb") as file:
            file.write(content)
        interpreter = tf.lite.Interpreter(model_content=content)
        interpreter.allocate_tensors()
        interpreter.set_tensor(interpreter.get_input_details()[0]["index"], PICTURE)
        interpreter.invoke()
        out = [interpreter.get_tensor(one["index"]) for one in interpreter.get_output_details()]
        found[f"{name}.tflite"] = lite_rows(out, cells, anchors, rect)
    keep(found)


def lite_rows(out, cells, anchors, rect):
    near, far, sure = (value.numpy()[0] for value in cells(PICTURE))
    kept = next(one for one in out if one.ndim == 3)[0]
    count = int(next(one for one in out if one.size == 1).ravel()[0])
    kinds, scores = sorted((one[0] for one in out if one.shape == (1, 9)), key=lambda one: -np.abs(one - one.round()).sum())[::-1]
    centre = near[:, ::1] / 10 * anchors[:, 2:] + anchors[:, :2]
    half = np.exp(far / 5) * anchors[:, 2:] / 2
    boxes = np.concatenate([centre - half, centre + half], 1)
    place = lambda box: int(np.abs(boxes - box).sum(1).argmin())
    return [[place(kept[i]), kinds[i], scores[i], *rect(kept[i])] for i in range(count)]


def torch_files():
    import torch
    import torchvision
    from exported import pack, without_places
    from torch import nn

    rows, columns = np.mgrid[0:GRID, 0:GRID]
    centres = np.float32(np.stack([(columns.ravel() + 0.5) * 4, (rows.ravel() + 0.5) * 4], 1))

    class Detector(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv = nn.Conv2d(3, 4 + CLASSES, 8, 4, 2)
            self.register_buffer("centres", torch.from_numpy(centres))

        def table(self, x):
            near, far, raw = self.conv(x).flatten(2)[0].transpose(0, 1).split([2, 2, CLASSES], 1)
            centre, half = near * 4 + self.centres, far.sigmoid() * 8
            return torch.cat([centre - half, centre + half], 1), raw.sigmoid()

        def forward(self, x):
            boxes, sure = self.table(x)
            best, kind = sure.max(1)
            kept = torchvision.ops.nms(boxes, best, 0.3)
            return boxes[kept], best[kept], kind[kept]

    detector = Detector().eval()
    with torch.no_grad():
        detector.conv.weight.copy_(torch.from_numpy(KERNEL.transpose(3, 2, 0, 1).copy()))
        detector.conv.bias.copy_(torch.from_numpy(BIAS))
        x = torch.from_numpy(PICTURE.transpose(0, 3, 1, 2).copy())
        boxes, sure = detector.table(x)
        kept = torchvision.ops.nms(boxes, sure.max(1)[0], 0.3).tolist()
        program = torch.export.export(detector, (x,))
    torch.export.save(without_places(program), os.path.join(OUT, "nms.pt2"))
    pack(os.path.join(OUT, "nms.pt2"))
    rows = []
    for place in kept:
        a, b, c, d = boxes[place].tolist()
        best = int(sure[place].argmax())
        if sure[place, best] >= 0.4:
            rows.append([place, best, float(sure[place, best]), a, b, c - a, d - b])
    keep({"nms.pt2": rows})


os.makedirs(OUT, exist_ok=True)
np.save(os.path.join(OUT, "x.npy"), PICTURE)
{"onnx": onnx_files, "tensorflow": tensorflow_files, "torch": torch_files}[sys.argv[1]]()
