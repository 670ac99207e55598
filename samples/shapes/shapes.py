"""Pictures of circles, squares and triangles on noise, with their boxes and masks."""

import numpy as np

SIZE = 96
NAMES = ("circle", "square", "triangle")


def distances(kind, radius, angle, y, x):
    """[SIZE, SIZE]: how far each pixel is outside a shape, in pixels; negative inside."""
    rows, columns = np.mgrid[0:SIZE, 0:SIZE] + 0.5
    down, right = rows - y, columns - x
    if kind == 0:
        return np.hypot(down, right) - radius
    sides, inner = (4, radius / np.sqrt(2)) if kind == 1 else (3, radius / 2)
    turns = angle + 2 * np.pi * np.arange(sides) / sides
    across = np.cos(turns)[:, None, None] * right + np.sin(turns)[:, None, None] * down
    return across.max(axis=0) - inner


def background(random):
    """Noise of two sizes, [SIZE, SIZE, 3] in 0..1."""
    coarse = random.uniform(0, 1, (8, 8, 3)).repeat(SIZE // 8, 0).repeat(SIZE // 8, 1)
    fine = random.normal(0, 0.12, (SIZE, SIZE, 3))
    return np.clip(0.35 + 0.3 * (coarse - 0.5) + fine, 0, 1)


def draw(random, most=3):
    """A picture [SIZE, SIZE, 3] uint8, its boxes [n, 4] (left, top, right, bottom), their kinds [n], and its mask [SIZE, SIZE]:
    0 is the background, then kind + 1."""
    picture = background(random)
    mask = np.zeros((SIZE, SIZE), np.int64)
    boxes, kinds = [], []
    for _ in range(random.integers(1, most + 1)):
        radius = random.uniform(9, 22)
        for _ in range(20):
            y, x = random.uniform(radius, SIZE - radius, 2)
            kind = int(random.integers(3))
            far = distances(kind, radius, random.uniform(0, 2 * np.pi), y, x)
            inside = far <= 0
            if inside.any() and not (mask[far <= 3] > 0).any():
                break
        else:
            continue
        cover = np.clip(0.5 - far, 0, 1)[..., None]
        colour = random.uniform(0, 1, 3)
        colour = np.clip(colour + np.sign(colour - 0.35) * 0.25, 0, 1)
        inked = np.clip(colour + random.normal(0, 0.06, picture.shape), 0, 1)
        picture = picture * (1 - cover) + inked * cover
        mask[inside] = kind + 1
        rows, columns = np.where(inside)
        boxes.append([columns.min(), rows.min(), columns.max() + 1, rows.max() + 1])
        kinds.append(kind)
    return (picture * 255).round().astype(np.uint8), np.array(boxes, np.float32), np.array(kinds), mask


def batch(random, count, most=3):
    """`count` of them: pictures [count, 3, SIZE, SIZE] in 0..1, and the lists of the rest."""
    pictures, boxes, kinds, masks = zip(*(draw(random, most) for _ in range(count)))
    ready = np.stack(pictures).transpose(0, 3, 1, 2).astype(np.float32) / 255
    return ready, boxes, kinds, np.stack(masks)
