"""Draws the pictures of this folder: shapes that no network has been trained on.

    pip install numpy pillow
    python make_pictures.py
"""

from pathlib import Path

import numpy as np
from PIL import Image

from shapes import NAMES, draw

HERE = Path(__file__).parent / "pictures"
SEED = 2026


def main():
    random = np.random.default_rng(SEED)
    HERE.mkdir(exist_ok=True)
    for number in range(8):
        # the first of them have one shape, which is what the transformer names
        picture, _, kinds, _ = draw(random, most=1 if number < 4 else 3)
        names = "_".join(NAMES[kind] for kind in kinds)
        Image.fromarray(picture).save(HERE / f"{number:02d}_{names}.png", optimize=True)


if __name__ == "__main__":
    main()
