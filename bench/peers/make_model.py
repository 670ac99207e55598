"""make_model.py NAME FILE.h5: an architecture of keras.applications with random weights (times do not depend on them)."""

import os
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
from tensorflow import keras  # noqa: E402

name, path = sys.argv[1:3]
MAKERS = {
    "mobilenetv2": keras.applications.MobileNetV2,
    "resnet50": keras.applications.ResNet50,
    "vgg16": keras.applications.VGG16,
}
keras.utils.set_random_seed(1)
MAKERS[name](weights=None).save(path + ".part", save_format="h5")
os.replace(path + ".part", path)
