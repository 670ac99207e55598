"""
Networks of Hugging Face's transformers by the names that ConvLens gives them, as their config.json makes them: `transformers/vit-base-patch16-224`.
The package is none of the environment's: recorded with `pip install transformers==4.46.3 "huggingface_hub<1"` beside it.
"""

import types

HALF = {"mean": [0.5] * 3, "std": [0.5] * 3}
IMAGENET = {"mean": [0.485, 0.456, 0.406], "std": [0.229, 0.224, 0.225]}


def vit(width, depth=12, patch=16):
    sizes = {"hidden_size": width, "intermediate_size": 4 * width, "num_hidden_layers": depth, "num_attention_heads": width // 64}
    return "ViT", {**sizes, "patch_size": patch, "image_size": 224}, {**HALF, "interpolation": "bilinear"}


def convnext(depths, widths):
    told = {**IMAGENET, "interpolation": "bicubic", "cropped": 0.875}
    return "ConvNext", {"depths": depths, "hidden_sizes": widths, "image_size": 224}, told


def resnet(layer, depths, widths):
    told = {**IMAGENET, "interpolation": "bicubic", "cropped": 0.875}
    return "ResNet", {"layer_type": layer, "depths": depths, "hidden_sizes": widths}, told


MODELS = {
    "vit-base-patch16-224": vit(768),
    "vit-small-patch16-224": vit(384),
    "vit-tiny-patch16-224": vit(192),
    "vit-large-patch16-224": vit(1024, 24),
    "convnext-tiny-224": convnext([3, 3, 9, 3], [96, 192, 384, 768]),
    "convnext-small-224": convnext([3, 3, 27, 3], [96, 192, 384, 768]),
    "convnext-base-224": convnext([3, 3, 27, 3], [128, 256, 512, 1024]),
    "resnet-18": resnet("basic", [2, 2, 2, 2], [64, 128, 256, 512]),
    "resnet-50": resnet("bottleneck", [3, 4, 6, 3], [256, 512, 1024, 2048]),
}
# what no weight shows: a configuration with others is another network
SHOWN_NOWHERE = ("model_type", "hidden_act", "layer_norm_eps", "num_attention_heads", "downsample_in_first_stage", "downsample_in_bottleneck")


def config_of(own, classes):
    import transformers

    kind, sizes, _ = MODELS[own]
    return kind, getattr(transformers, f"{kind}Config")(**sizes, num_labels=classes or 1000)


def build(own, classes=None):
    """A classifier whose answer is a tensor."""
    import transformers

    kind, config = config_of(own, classes)
    model = getattr(transformers, f"{kind}ForImageClassification")(config).eval()
    answer = model.forward
    model.forward = types.MethodType(lambda self, pixel_values: answer(pixel_values).logits, model)
    return model


def pictures_of(own):
    return [224, 224], {**MODELS[own][2], "by": f"the preprocessor_config.json of {own}"}


def settings_of(own):
    told = config_of(own, None)[1].to_dict()
    return {key: told[key] for key in SHOWN_NOWHERE if key in told}
