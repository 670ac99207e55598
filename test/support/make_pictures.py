"""Small pictures of each kind, with their pixels as Pillow (libjpeg-turbo, libtiff, libwebp, LittleCMS) and tifffile have them.

    pip install pillow numpy tifffile imagecodecs
    python test/support/make_pictures.py

Adds to test/unit/pictures/files; files that are there already stay as they are.
"""

import gzip
import io
import json
import pathlib
import struct

import imagecodecs
import numpy as np
import tifffile
from PIL import Image, ImageCms

FILES = pathlib.Path(__file__).parent.parent / "unit" / "pictures" / "files"
EXPECTED = FILES / "expected.json"
rng = np.random.default_rng(1)
known = json.loads(EXPECTED.read_text())


def pixels(width, height, channels, dtype=np.uint8):
    y, x = np.mgrid[0:height, 0:width]
    most = np.iinfo(dtype).max
    waves = [(np.sin(x / 3 + k) * np.cos(y / 4 - k) / 2 + 0.5) * most for k in range(channels)]
    return np.clip(np.stack(waves, -1) + rng.normal(0, most / 12, (height, width, channels)), 0, most).astype(dtype)


def on_white(values):
    """RGB of 8 bits, as a person sees it."""
    if values.dtype == np.uint16:
        values = np.floor(values * (255 / 65535) + 0.5).astype(np.uint8)
    if values.shape[-1] <= 2:
        values = np.concatenate([np.repeat(values[..., :1], 3, -1), values[..., 1:]], -1)
    if values.shape[-1] == 3:
        return values
    alpha = values[..., 3:].astype(float)
    return np.floor((values[..., :3] * alpha + 255 * (255 - alpha)) / 255 + 0.5).astype(np.uint8)


def keep(name, data, rgb=None):
    """Without `rgb`: as Pillow reads it."""
    (FILES / name).write_bytes(data)
    if rgb is None:
        image = Image.open(io.BytesIO(data))
        alpha = "A" in image.getbands() or "transparency" in image.info
        rgb = on_white(np.asarray(image.convert("RGBA" if alpha else "RGB")))
    height, width, _ = rgb.shape
    known[name] = {"width": width, "height": height, "rgb": np.ascontiguousarray(rgb, np.uint8).tobytes().hex()}


def saved(image, kind, **options):
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def jpegs():
    for sampling in ("444", "420", "411", "440"):
        for colours in ("CMYK", "YCCK"):
            data = imagecodecs.jpeg8_encode(
                pixels(19, 18, 4), level=85, colorspace="CMYK", outcolorspace=colours, subsampling=sampling
            )
            keep(f"{colours.lower()}-{sampling}.jpg", bytes(data))
    for sampling in (0, 2):
        image = Image.fromarray(pixels(19, 18, 4), mode="CMYK")
        keep(f"cmyk-scans-{sampling}.jpg", saved(image, "JPEG", quality=85, subsampling=sampling, progressive=True))
    image = Image.fromarray(pixels(19, 18, 4), mode="CMYK")
    keep("cmyk-restart.jpg", saved(image, "JPEG", quality=85, restart_marker_blocks=1))


def tiffs():
    def tif(name, values, **options):
        out = io.BytesIO()
        tifffile.imwrite(out, values, metadata=None, software=None, **options)
        if options.get("planarconfig") == "separate":
            values = np.moveaxis(values, 0, -1)
        keep(name, out.getvalue(), on_white(values if values.ndim == 3 else values[..., None]))

    tif("gray.tif", pixels(13, 9, 1)[..., 0], photometric="minisblack")
    tif("gray16-big.tif", pixels(13, 9, 1, np.uint16)[..., 0], photometric="minisblack", byteorder=">", compression="lzw")
    tif("rgb-strips.tif", pixels(13, 9, 3), photometric="rgb", rowsperstrip=4, compression="packbits")
    tif("rgb-lzw.tif", pixels(13, 9, 3), photometric="rgb", compression="lzw", predictor=True)
    tif("rgb16-deflate.tif", pixels(13, 9, 3, np.uint16), photometric="rgb", compression="zlib", predictor=True)
    tif("rgb-tiles.tif", pixels(35, 20, 3), photometric="rgb", tile=(16, 16), compression="zlib")
    tif("rgb-apart.tif", pixels(13, 9, 3).transpose(2, 0, 1).copy(), photometric="rgb", planarconfig="separate", rowsperstrip=4)
    tif("rgba.tif", pixels(13, 9, 4), photometric="rgb", extrasamples=["unassalpha"], compression="lzw")
    palette = Image.fromarray(pixels(13, 9, 3)).quantize(20)
    keep("palette.tif", saved(palette, "TIFF", compression="tiff_lzw"))
    keep("bits.tif", saved(Image.fromarray(pixels(13, 9, 1)[..., 0]).convert("1"), "TIFF", compression="packbits"))
    keep("cmyk.tif", saved(Image.fromarray(pixels(13, 9, 4), mode="CMYK"), "TIFF", compression="tiff_adobe_deflate"))


def moving():
    frames = [Image.fromarray(pixels(13, 9, 3)).quantize(30) for _ in range(3)]
    keep("still.gif", saved(frames[0], "GIF", interlace=0))
    keep("interlaced.gif", saved(frames[0], "GIF", interlace=1))
    keep("moving.gif", saved(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=50))
    keep("transparent.gif", saved(frames[0], "GIF", transparency=3))
    for name, channels, mode in (("moving", 3, "RGB"), ("moving-alpha", 4, "RGBA")):
        frames = [Image.fromarray(pixels(13, 9, channels), mode=mode) for _ in range(3)]
        for lossless in (True, False):
            kind = "lossless" if lossless else "lossy"
            keep(f"{name}-{kind}.webp", saved(frames[0], "WEBP", save_all=True, append_images=frames[1:], lossless=lossless))


def fixed(value):
    return struct.pack(">i", round(value * 65536))


def profile(space, name, tags, version):
    """An ICC profile of these tags."""
    if version == 4:
        text = name.encode("utf-16be")
        described = b"mluc\0\0\0\0" + struct.pack(">II", 1, 12) + b"enUS" + struct.pack(">II", len(text), 28) + text
    else:
        text = name.encode() + b"\0"
        described = b"desc\0\0\0\0" + struct.pack(">I", len(text)) + text + b"\0" * 78
    tags = [(b"desc", described), *tags]
    head = bytearray(128)
    struct.pack_into(">I", head, 8, version << 24)
    head[12:24] = b"mntr" + space + b"XYZ "
    head[36:40] = b"acsp"
    head[68:80] = fixed(0.9642) + fixed(1) + fixed(0.8249)
    table, body = struct.pack(">I", len(tags)), b""
    start = 128 + 4 + 12 * len(tags)
    for signature, data in tags:
        data += b"\0" * (-len(data) % 4)
        table += signature + struct.pack(">II", start + len(body), len(data))
        body += data
    whole = bytes(head) + table + body
    return struct.pack(">I", len(whole)) + whole[4:]


def coloured():
    def xyz(*values):
        return b"XYZ \0\0\0\0" + b"".join(map(fixed, values))

    gamma = lambda value: b"curv\0\0\0\0" + struct.pack(">IH", 1, round(value * 256))
    srgb = b"para\0\0\0\0" + struct.pack(">HH", 3, 0) + b"".join(map(fixed, (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)))
    p3 = ((0.51512, 0.2412, -0.00105), (0.29198, 0.69225, 0.04189), (0.1571, 0.06657, 0.78407))
    adobe = ((0.60974, 0.31111, 0.01947), (0.20528, 0.62567, 0.06087), (0.14919, 0.06322, 0.74457))

    def matrix(name, columns, curve, version):
        tags = [(b"wtpt", xyz(0.9642, 1, 0.8249))]
        tags += [(b"%cXYZ" % c, xyz(*column)) for c, column in zip(b"rgb", columns)]
        return profile(b"RGB ", name, [*tags, *((b"%cTRC" % c, curve) for c in b"rgb")], version)

    def converted(name, image, icc, kind, **options):
        data = saved(image, kind, icc_profile=icc, **options)
        stored = Image.open(io.BytesIO(data)).convert(image.mode)
        source = ImageCms.ImageCmsProfile(io.BytesIO(icc))
        ours = ImageCms.profileToProfile(stored, source, ImageCms.createProfile("sRGB"), renderingIntent=1, outputMode="RGB")
        keep(name, data, np.asarray(ours))

    rgb = Image.fromarray(rng.integers(0, 256, (9, 13, 3), dtype=np.uint8))
    display = matrix("Display P3", p3, srgb, 4)
    converted("display-p3.png", rgb, display, "PNG")
    converted("display-p3.jpg", Image.fromarray(pixels(13, 9, 3)), display, "JPEG", quality=95, subsampling=0)
    converted("display-p3.webp", rgb, display, "WEBP", lossless=True)
    converted("adobe-rgb.tif", rgb, matrix("Adobe RGB (1998)", adobe, gamma(563 / 256), 2), "TIFF")
    converted("adobe-rgb.png", rgb, matrix("Adobe RGB (1998)", adobe, gamma(563 / 256), 2), "PNG")
    gray = Image.fromarray(rng.integers(0, 256, (9, 13), dtype=np.uint8))
    dark = profile(b"GRAY", "Dark gray", [(b"wtpt", xyz(0.9642, 1, 0.8249)), (b"kTRC", gamma(1.75))], 2)
    converted("gray-profile.png", gray, dark, "PNG")


def large():
    """A real picture of 100 megapixels in few bytes; larger than what is held."""
    file = FILES / "flat-100-megapixels.webp.gz"
    if not file.exists():
        data = saved(Image.new("RGB", (10000, 9999), (90, 140, 60)), "WEBP", quality=0, method=0)
        file.write_bytes(gzip.compress(data, 9, mtime=0))


jpegs()
tiffs()
moving()
coloured()
large()
EXPECTED.write_text(json.dumps(known, indent=2) + "\n")
