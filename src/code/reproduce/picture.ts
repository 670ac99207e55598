/** Python that reads a picture as the network sees it, with NumPy and Pillow alone. */
import { at } from "../../base/at.ts";
import type { Preprocessing } from "../../base/preprocessing.ts";
import type { ModelSummary } from "../../shared/contract/model.ts";
import { list, text } from "./types.ts";

/** Defines `x`, float32 [1, height, width, channels] (or [1, channels, height, width]). */
export function pictureCode(
  { preprocessing, inputs }: ModelSummary,
  image: string,
  order: "NHWC" | "NCHW",
): string {
  if (/\.npy$/i.test(image))
    return `x = np.load(${text(image)}).astype(np.float32)\nx = x[None] if x.ndim == 3 else x\n`;
  const shape = inputs[0]?.shape ?? [];
  const axes = shape.slice(1).map((axis) => axis ?? 0);
  const [height = 0, width = 0, channels = 3] =
    order === "NHWC" ? axes : [at(axes, 1), at(axes, 2), axes[0] ?? 3];
  const { scale, mean, std, fit } = preprocessing;
  const resized = resizedCode(preprocessing);
  const gray = channels === 1 || preprocessing.order === "gray";
  const colours = gray
    ? `    u = np.repeat(u @ np.float32([0.299, 0.587, 0.114])[:, None], ${channels}, axis=2)  # luma\n`
    : preprocessing.order === "bgr"
      ? "    u = u[..., ::-1]  # the network takes blue, green, red\n"
      : "";
  const crop =
    fit === "crop"
      ? `    unit = min(w / W, h / H)  # the largest centred rectangle of the input's aspect
    cw, ch = min(w, max(1, int(W * unit + 0.5))), min(h, max(1, int(H * unit + 0.5)))
    u = u[(h - ch) // 2 :, (w - cw) // 2 :][:ch, :cw]
`
      : "";
  const neighbours = `def taps(size, wanted):
    at = np.maximum(0, (np.arange(wanted) + 0.5) * size / wanted - 0.5)
    low = np.minimum(at.astype(int), size - 1)
    return low, np.minimum(low + 1, size - 1), (at - low).astype(np.float32)


def picture(file):
    """As the network sees it: bilinear with half-pixel centres, without antialiasing, then scaled."""
    u = pixels(file)
    h, w = u.shape[:2]
${crop}    low, high, part = taps(u.shape[0], H)
    u = u[low] * (1 - part)[:, None, None] + u[high] * part[:, None, None]
    low, high, part = taps(u.shape[1], W)
    u = u[:, low] * (1 - part)[:, None] + u[:, high] * part[:, None]
`;
  return `H, W = ${height}, ${width}


def pixels(file):
    """Upright, in sRGB by the file's ICC profile, transparent pixels on white."""
    # of a PNG's own colour tags (gAMA, cHRM, cICP) nothing is applied here: ConvLens does, where there is no profile
    image = ImageOps.exif_transpose(Image.open(file))
    profile = image.info.get("icc_profile")
    if image.mode.startswith("I"):  # gray of 16 bits
        image = Image.fromarray((np.asarray(image) / 257 + 0.5).astype(np.uint8))
    opacity = image.convert("RGBA").getchannel("A")
    if profile:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        mode = "L" if source.profile.xcolor_space.strip() == "GRAY" else "RGB"
        # profiles that are curves and a matrix; those that are tables are not applied
        if source.profile.is_matrix_shaper and (mode == "RGB" or image.mode in ("L", "LA")):
            image = ImageCms.profileToProfile(
                image.convert(mode), source, ImageCms.createProfile("sRGB"),
                renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC, outputMode="RGB",
            )
    white = Image.new("RGB", image.size, "white")
    white.paste(image.convert("RGB"), mask=opacity)
    return np.asarray(white, np.float32)


${resized ?? neighbours}${colours}    x = (u * np.float32(${scale}) - np.float32(${list(mean)})) / np.float32(${list(std)})
    return ${order === "NHWC" ? "x[None]" : "np.ascontiguousarray(x.transpose(2, 0, 1)[None])"}.astype(np.float32)


x = picture(${text(image)})
`;
}

/** As Pillow resizes, and the middle of that; null where neighbours are mixed. */
function resizedCode(how: Preprocessing): string | null {
  if (how.interpolation === undefined && how.cropped === undefined) return null;
  const { fit, cropped = 1, interpolation = "bilinear" } = how;
  const [tall, wide] =
    fit === "crop"
      ? ["max(rows, columns * h // w)", "max(columns, rows * w // h)"]
      : ["rows", "columns"];
  return `def picture(file):
    """As the network sees it: resized by Pillow, the middle of it, then scaled."""
    image = Image.fromarray(pixels(file).astype(np.uint8))
    w, h = image.size
    rows, columns = int(H / ${cropped} + 1e-6), int(W / ${cropped} + 1e-6)
    size = (columns, ${tall}) if rows * w <= columns * h else (${wide}, rows)
    top, left = round((size[1] - H) / 2), round((size[0] - W) / 2)
    u = np.asarray(image.resize(size, Image.Resampling.${interpolation.toUpperCase()}), np.float32)
    u = u[top : top + H, left : left + W]
`;
}

/** What the code of `pictureCode` imports. */
export const PICTURE_IMPORTS =
  "import io\n\nimport numpy as np\nfrom PIL import Image, ImageCms, ImageOps\n";
