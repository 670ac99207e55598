"""Detectors that end at their raw heads, and what PyTorch makes of them; heat maps by pytorch-grad-cam and captum of the sample networks.

    pip install torch torchvision onnx grad-cam captum
    python make-shapes.py

The networks of samples/shapes are read out of their files, so that nothing is trained again.
"""

import json
import sys
from pathlib import Path

import numpy as np
import onnx
import torch
import torchvision
from captum.attr import IntegratedGradients, LayerGradCam, Saliency
from onnx import numpy_helper
from PIL import Image
from pytorch_grad_cam import GradCAM, LayerCAM
from pytorch_grad_cam.utils.model_targets import (
    ClassifierOutputTarget,
    FasterRCNNBoxScoreTarget,
    SemanticSegmentationTarget,
)
from torch import nn

ROOT = Path(__file__).parents[2]
SHAPES = ROOT / "samples" / "shapes"
DATA = ROOT / "test" / "golden" / "data" / "shapes"
STEPS = 16
sys.path.insert(0, str(SHAPES))

from train_detector import SIZE, Detector, export  # noqa: E402
from train_segmentation import UNet  # noqa: E402
from train_transformer import PATCH, Transformer  # noqa: E402


def trained(network, file):
    weights = {one.name: torch.from_numpy(numpy_helper.to_array(one).copy()) for one in onnx.load(file).graph.initializer}
    own = network.state_dict()
    network.load_state_dict({key: weights.get(key, value) for key, value in own.items()})
    assert all(key in weights for key in own if not key.endswith("num_batches_tracked"))
    return network.eval()


def picture(name):
    pixels = np.asarray(Image.open(SHAPES / "pictures" / name).convert("RGB"), np.float32) / 255
    return torch.from_numpy(pixels.transpose(2, 0, 1)[None])


class Raw(nn.Module):
    """The detector without its decoding: a map for each grid."""

    def __init__(self, detector):
        super().__init__()
        self.detector = detector

    def forward(self, x):
        return self.detector.raw(x)


ANCHORS = (((10, 13), (24, 30)), ((33, 23), (60, 48)))


class Anchored(nn.Module):
    """YOLOv5's heads, of random weights: [N, 2, 8, 8, 8] and [N, 2, 4, 4, 8]."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, 12, 3, 4, 1), nn.ReLU(), nn.Conv2d(12, 16, 3, 2, 1), nn.ReLU())
        self.coarse = nn.Sequential(nn.Conv2d(16, 16, 3, 2, 1), nn.ReLU())
        self.heads = nn.ModuleList([nn.Conv2d(16, 16, 1), nn.Conv2d(16, 16, 1)])

    def forward(self, x):
        fine = self.stem(x)
        maps = [head(each) for head, each in zip(self.heads, (fine, self.coarse(fine)))]
        return [m.view(m.shape[0], 2, 8, m.shape[2], m.shape[3]).permute(0, 1, 3, 4, 2) for m in maps]

    def boxes(self, x):
        found = []
        for maps, anchors, stride in zip(self.forward(x), ANCHORS, (8, 16)):
            y, x_ = torch.meshgrid(*(torch.arange(n) for n in maps.shape[2:4]), indexing="ij")
            grid = torch.stack([x_, y], -1)
            s = maps.sigmoid()
            xy = (s[..., :2] * 2 - 0.5 + grid) * stride
            wh = (s[..., 2:4] * 2) ** 2 * torch.tensor(anchors).view(1, 2, 1, 1, 2)
            found.append(torch.cat([xy, wh, s[..., 4:]], -1).flatten(1, 3))
        return torch.cat(found, 1)


class Centres(nn.Module):
    """CenterNet's heads, of random weights."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, 12, 3, 2, 1), nn.ReLU(), nn.Conv2d(12, 16, 3, 2, 1), nn.ReLU())
        self.hm, self.wh, self.reg = nn.Conv2d(16, 3, 1), nn.Conv2d(16, 2, 1), nn.Conv2d(16, 2, 1)

    def forward(self, x):
        features = self.stem(x)
        return (10 * self.hm(features)).sigmoid(), 5 + 8 * self.wh(features), 0.5 + self.reg(features)

    def boxes(self, x):
        heat, size, offset = self(x)
        peaks = heat * (nn.functional.max_pool2d(heat, 3, 1, 1) == heat)
        y, x_ = torch.meshgrid(*(torch.arange(n) for n in heat.shape[2:]), indexing="ij")
        centre = (torch.stack([x_, y])[None] + offset) * 4
        return torch.cat([centre, size * 4, peaks], 1).flatten(2).permute(0, 2, 1)


class Queries(nn.Module):
    """DETR's two outputs, of random weights: the last class is no object."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, 8, 3, 4, 1), nn.ReLU(), nn.AdaptiveAvgPool2d(4))
        self.queries = nn.Linear(128, 20 * 16)
        self.classes, self.boxes = nn.Linear(16, 6), nn.Linear(16, 4)

    def forward(self, x):
        each = self.queries(self.stem(x).flatten(1)).view(-1, 20, 16)
        scores = 6 * self.classes(each)
        scores = torch.cat([scores[..., :5], scores[..., 5:] + 2.5], -1)
        return scores, self.boxes(each).sigmoid()


def exported(network, name, outputs, x, **metadata):
    file = str(DATA / f"{name}.onnx")
    torch.onnx.export(network, x, file, input_names=["images"], output_names=outputs, opset_version=17, dynamo=False)
    model = onnx.load(file)
    for key, value in metadata.items():
        model.metadata_props.add(key=key, value=str(value))
    onnx.save(model, file)


def rows(boxes, count=12):
    """The surest boxes of a table [places, numbers], as [place, class, score, left, top, width, height]."""
    score, kind = boxes[:, -3:].max(1)
    if boxes.shape[1] == 8:
        score = score * boxes[:, 4]
    order = score.argsort(descending=True)[:count]
    x, y, w, h = boxes[:, :4].T
    told = torch.stack([torch.arange(len(boxes)), kind, score, x - w / 2, y - h / 2, w, h], 1)
    return told[order].tolist()


def decoded(detector):
    torch.manual_seed(3)
    raw = {}
    x = picture("04_triangle_square_square.png")
    np.save(DATA / "x.npy", x.numpy())
    with torch.no_grad():
        export(Raw(detector), str(DATA / "raw.onnx"), ["fine", "coarse"])
        raw["raw"] = rows(detector(x)[0].T)
        small = torch.rand(1, 3, 64, 64)
        np.save(DATA / "small.npy", small.numpy())
        for network, name, outputs, facts in (
            (Anchored(), "anchored", ["p3", "p4"], {"anchors": [[n for a in level for n in a] for level in ANCHORS]}),
            (Centres(), "centres", ["hm", "wh", "reg"], {}),
        ):
            network.eval()
            exported(network, name, outputs, small, **facts)
            raw[name] = rows(network.boxes(small)[0])
        queries = Queries().eval()
        exported(queries, "queries", ["pred_logits", "pred_boxes"], small)
        scores, boxes = queries(small)
        shares = scores[0].softmax(-1)[:, :-1]
        score, kind = shares.max(1)
        centre, size = 64 * boxes[0, :, :2], 64 * boxes[0, :, 2:]
        told = torch.cat([torch.arange(20)[:, None], kind[:, None], score[:, None], centre - size / 2, size], 1)
        raw["queries"] = told[score.argsort(descending=True)].tolist()
    (DATA / "boxes.json").write_text(json.dumps(raw) + "\n")


class Told(nn.Module):
    """A detector as torchvision's tell their boxes: what FasterRCNNBoxScoreTarget takes. Scores are logits, boxes without gradient."""

    def __init__(self, detector):
        super().__init__()
        self.detector = detector

    def forward(self, x):
        raw = torch.cat([maps.flatten(2) for maps in self.detector.raw(x)], 2)[0, 32:].T
        found = self.detector(x)[0].T.detach()
        boxes = torchvision.ops.box_convert(found[:, :4], "cxcywh", "xyxy")
        scores, labels = raw.max(1)
        return [{"boxes": boxes, "labels": labels, "scores": scores}]


class Logits(nn.Module):
    def __init__(self, detector):
        super().__init__()
        self.detector = detector

    def forward(self, x):
        return torch.cat([maps.flatten(2) for maps in self.detector.raw(x)], 2)[:, 32:].permute(0, 2, 1)


def raw_cam(method, network, layer, target, x, **more):
    """pytorch-grad-cam's map before its ReLU and its scaling, at the layer's own size."""
    cam = method(model=network, target_layers=[layer], **more)
    output = cam.activations_and_grads(x)
    network.zero_grad()
    target(output[0]).backward(retain_graph=True)
    activations = cam.activations_and_grads.activations[0].cpu().data.numpy()
    gradients = cam.activations_and_grads.gradients[0].cpu().data.numpy()
    image = cam.get_cam_image(x, layer, [target], activations, gradients, False)
    cam.activations_and_grads.release()
    return image[0]


def keep(name, array):
    np.save(DATA / f"{name}.npy", np.ascontiguousarray(array, np.float32))


def attributions(name, scores, x, target):
    """captum's, as [H, W, C] at every third row and column: the gradient's size, Integrated Gradients from a black picture."""
    found = {
        "saliency": Saliency(scores).attribute(x, target=target, abs=True),
        "integrated": IntegratedGradients(scores).attribute(
            x, baselines=0.0, target=target, n_steps=STEPS, method="gausslegendre", internal_batch_size=50
        ),
    }
    for method, values in found.items():
        keep(f"{name}-{method}", values.detach()[0].permute(1, 2, 0)[::3, ::3])


def detector_maps(detector):
    x = torch.from_numpy(np.load(DATA / "x.npy"))
    told = Told(detector)
    with torch.no_grad():
        found = told(x)[0]
    box = int(found["scores"].argmax())
    kind = int(found["labels"][box])
    target = FasterRCNNBoxScoreTarget([kind], [found["boxes"][box].numpy()])
    for layer_name, layer in (("merged", detector.merged), ("coarse", detector.coarse)):
        for method in (GradCAM, LayerCAM):
            keep(f"detector-{method.__name__.lower()}-{layer_name}", raw_cam(method, told, layer, target, x))
        captum = LayerGradCam(Logits(detector), layer).attribute(x, target=(box, kind))
        keep(f"detector-captum-{layer_name}", captum.detach()[0, 0])
    attributions("detector", Logits(detector), x, (box, kind))
    return {"box": box, "class": kind}


def segmentation_maps(network):
    x = torch.from_numpy(np.load(DATA / "x.npy"))
    with torch.no_grad():
        best = network(x)[0].argmax(0).numpy()
    kinds, counts = np.unique(best[best > 0], return_counts=True)
    kind = int(kinds[counts.argmax()])
    mask = (best == kind).astype(np.float32)
    target = SemanticSegmentationTarget(kind, mask)
    for method in (GradCAM, LayerCAM):
        keep(f"segmentation-{method.__name__.lower()}", raw_cam(method, network, network.bottleneck, target, x))

    def summed(picture):
        return (network(picture) * torch.from_numpy(mask)).sum((2, 3))

    captum = LayerGradCam(summed, network.bottleneck).attribute(x, target=kind)
    keep("segmentation-captum", captum.detach()[0, 0])
    attributions("segmentation", summed, x, kind)
    return {"class": kind}


def transformer_maps(network):
    x = picture("02_circle.png")
    np.save(DATA / "transformer-x.npy", x.numpy())
    side = SIZE // PATCH

    def reshaped(tokens):
        return tokens[:, 1:].reshape(tokens.shape[0], side, side, -1).permute(0, 3, 1, 2)

    with torch.no_grad():
        kind = int(network(x).argmax())
    layer = network.blocks[-2]
    target = ClassifierOutputTarget(kind)
    for method in (GradCAM, LayerCAM):
        keep(
            f"transformer-{method.__name__.lower()}",
            raw_cam(method, network, layer, target, x, reshape_transform=reshaped),
        )
    attributions("transformer", network, x, kind)
    return {"class": kind}


def main():
    DATA.mkdir(exist_ok=True)
    detector = trained(Detector(), SHAPES / "detector.onnx")
    decoded(detector)
    segmentation = trained(UNet(), SHAPES / "segmentation.onnx")
    transformer = Transformer()
    transformer.load_state_dict(torch.export.load(SHAPES / "transformer.pt2").state_dict)
    facts = {
        "detector": detector_maps(detector),
        "segmentation": segmentation_maps(segmentation),
        "transformer": transformer_maps(transformer.eval()),
    }
    (DATA / "targets.json").write_text(json.dumps(facts) + "\n")


if __name__ == "__main__":
    main()
