"""
The networks of ConvLens' library by the names that they have there: `torchvision/resnet50`, `timm/vit_tiny_patch16_224`, `smp/Unet-resnet34`,
`transformers/vit-base-patch16-224`. Behind a + stands what its constructor was given: `aux`, with auxiliary heads; `raw`, without scaling pictures inside.
"""

import hugging_face
import segmentation_models_pytorch as smp
import timm
import torch
import torchvision

SEGMENTATION = torchvision.models.segmentation.__dict__
DETECTION = torchvision.models.detection.__dict__
IMAGENET = {"mean": [0.485, 0.456, 0.406], "std": [0.229, 0.224, 0.225]}
# encoders of segmentation networks have no size of their own
SIDE = 256


class Segmentation(torch.nn.Module):
    """A network whose answer is a dictionary of tensors, as a function with one; under the keys of the network itself."""

    def __init__(self, model):
        super().__init__()
        self.__dict__["_whole"] = model
        for name, child in model.named_children():
            setattr(self, name, child)

    def forward(self, x):
        size = x.shape[-2:]
        y = self.classifier(self.backbone(x)["out"])
        return torch.nn.functional.interpolate(y, size=size, mode="bilinear", align_corners=False)


class Lite(Segmentation):
    """LR-ASPP's head takes two maps."""

    def forward(self, x):
        y = self.classifier(self.backbone(x))
        return torch.nn.functional.interpolate(y, size=x.shape[-2:], mode="bilinear", align_corners=False)


class Detection(torch.nn.Module):
    """Class scores and offsets of a detector's anchors, before boxes are chosen from them: that part is not exported, nor has it weights."""

    def __init__(self, model):
        super().__init__()
        self.backbone, self.head = model.backbone, model.head

    def forward(self, x):
        found = self.head(list(self.backbone(x).values()))
        return found["cls_logits"], found["bbox_regression"]


def build(name, classes=None):
    """The network with its own number of classes, or another."""
    library, own = name.split("/", 1)
    many = {} if classes is None else {"num_classes": classes}
    if library == "timm":
        cfg = timm.get_pretrained_cfg(own)
        if classes is None and cfg is not None and cfg.num_classes == 0:
            # published without classes; who trains it gives it some
            many = {"num_classes": 1000}
        return timm.create_model(own, **many).eval()
    if library == "transformers":
        return hugging_face.build(own, classes)
    if library == "smp":
        kind, encoder = own.split("-", 1)
        return getattr(smp, kind)(encoder, encoder_weights=None, classes=classes or 1).eval()
    plain, *extras = own.split("+")
    aux = {"aux_loss": "aux" in extras} if plain.startswith(("fcn_", "deeplab")) else {}
    if plain in ("inception_v3", "googlenet"):
        # with the published weights these two scale pictures anew inside; without, they do not, and no weight tells
        aux = {"aux_logits": "aux" in extras, "transform_input": "raw" not in extras, "init_weights": False}
    if plain in SEGMENTATION:
        model = SEGMENTATION[plain](weights=None, weights_backbone=None, **aux, **many)
        return (Lite if plain.startswith("lraspp") else Segmentation)(model).eval()
    if plain in DETECTION:
        return Detection(DETECTION[plain](weights=None, weights_backbone=None, **many)).eval()
    return getattr(torchvision.models, plain)(weights=None, **aux, **many).eval()


def side_of(name):
    """Rows and columns of the pictures that it was made for, and what its library does to them."""
    library, own = name.split("/", 1)
    if library == "timm":
        cfg = timm.get_pretrained_cfg(own) or timm.create_model(own).pretrained_cfg
        cfg = cfg if isinstance(cfg, dict) else cfg.to_dict()
        told = {
            "mean": list(cfg["mean"]), "std": list(cfg["std"]), "interpolation": cfg.get("interpolation"),
            "cropped": cfg.get("crop_pct"), "by": f"timm's default_cfg of {own}",
        }  # fmt: skip
        return list(cfg["input_size"][1:]), told
    if library == "transformers":
        return hugging_face.pictures_of(own)
    if library == "smp":
        params = smp.encoders.get_preprocessing_params(own.split("-", 1)[1], pretrained="imagenet")
        return [SIDE, SIDE], {"mean": params["mean"], "std": params["std"], "by": "the weights that its encoder begins with"}
    plain = own.split("+")[0]
    if plain in SEGMENTATION:
        return [SIDE, SIDE], {**IMAGENET, "interpolation": "bilinear", "by": "torchvision's transforms of its weights"}
    if plain in DETECTION:
        side = {"ssd300_vgg16": 300, "ssdlite320_mobilenet_v3_large": 320}.get(plain, 512)
        transform = DETECTION[plain](weights=None, weights_backbone=None).transform
        return [side, side], {
            "mean": list(transform.image_mean), "std": list(transform.image_std), "by": "torchvision's transforms of its weights",
        }  # fmt: skip
    weights = torchvision.models.get_model_weights(plain).DEFAULT
    used = weights.transforms()
    return [used.crop_size[0]] * 2, {
        "mean": list(used.mean), "std": list(used.std), "interpolation": used.interpolation.value,
        "cropped": used.crop_size[0] / used.resize_size[0], "by": f"torchvision's transforms of {type(weights).__name__}.{weights.name}",
    }  # fmt: skip
