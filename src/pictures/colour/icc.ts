import { at } from "../../base/at.ts";
import { plainText } from "../../base/plain-text.ts";
import { ascii, viewOf, type ColourChange } from "../decode/format.ts";
import { curveOf } from "./curve.ts";
import { FROM_D50, multiply, toSrgb, type LightSource, type Matrix } from "./srgb.ts";

/**
 * What an embedded ICC profile (versions 2 and 4) asks for. Profiles that are three curves and a matrix, or one curve of gray, are applied
 * (relative colorimetric, without black point compensation); others are named as not applied. Null: there is none, or it is sRGB.
 * (ICC.1:2022)
 */
export function iccColours(profile: Uint8Array | null): ColourChange | null {
  if (!profile) return null;
  try {
    return changeOf(profile);
  } catch (error) {
    // the pixels are good without it
    if (!(error instanceof RangeError)) throw error;
    return { note: "its colour profile is damaged and was not applied", apply: null };
  }
}

function changeOf(profile: Uint8Array): ColourChange | null {
  const tags = tagsOf(profile);
  const space = ascii(profile, 16, 20).trim();
  const name = nameOf(tags.get("desc")) ?? "without a name";
  const source = space === "RGB" ? rgbSource(tags) : space === "GRAY" ? graySource(tags) : null;
  if (!source) {
    const kind = space === "RGB" || space === "GRAY" ? "a table" : plainText(space, 8);
    return { note: `its colour profile (${name}, ${kind}) was not applied`, apply: null };
  }
  const apply = toSrgb(source);
  return apply && { note: `colours were converted from ${name} to sRGB`, apply };
}

/** Tags by their signatures; more than a profile has are damage. */
function tagsOf(profile: Uint8Array): Map<string, Uint8Array> {
  const view = viewOf(profile);
  const count = view.getUint32(128);
  if (count > 1000) throw new RangeError("too many tags");
  const tags = new Map<string, Uint8Array>();
  for (let i = 0; i < count; i++) {
    const entry = 132 + 12 * i;
    const start = view.getUint32(entry + 4);
    const length = view.getUint32(entry + 8);
    if (start + length > profile.length) throw new RangeError("a tag lies outside");
    tags.set(ascii(profile, entry, entry + 4), profile.subarray(start, start + length));
  }
  return tags;
}

function rgbSource(tags: ReadonlyMap<string, Uint8Array>): LightSource | null {
  const curves = ["rTRC", "gTRC", "bTRC"].map((tag) => curveOf(tags.get(tag)));
  const columns = ["rXYZ", "gXYZ", "bXYZ"].map((tag) => xyzOf(tags.get(tag)));
  const [red, green, blue] = curves;
  const [r, g, b] = columns;
  if (!red || !green || !blue || !r || !g || !b) return null;
  const toXyz = [0, 1, 2].map((i) => [at(r, i), at(g, i), at(b, i)]) as unknown as Matrix;
  return { curves: [red, green, blue], matrix: multiply(FROM_D50, toXyz) };
}

/** Gray is as much light of each. */
function graySource(tags: ReadonlyMap<string, Uint8Array>): LightSource | null {
  const curve = curveOf(tags.get("kTRC"));
  return (
    curve && {
      curves: [curve, curve, curve],
      matrix: [
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 1],
      ],
    }
  );
}

/** An XYZ tag: three numbers with 16 bits behind the point. */
function xyzOf(tag: Uint8Array | undefined): number[] | null {
  if (!tag || ascii(tag, 0, 4) !== "XYZ ") return null;
  const view = viewOf(tag);
  return [8, 12, 16].map((offset) => view.getInt32(offset) / 65536);
}

/** The profile's description: version 2 in ASCII, version 4 in UTF-16. */
function nameOf(tag: Uint8Array | undefined): string | null {
  if (!tag) return null;
  const view = viewOf(tag);
  const kind = ascii(tag, 0, 4);
  if (kind === "desc") return shown(ascii(tag, 12, 12 + Math.min(200, view.getUint32(8))));
  if (kind !== "mluc" || view.getUint32(8) === 0) return null;
  const [length, start] = [view.getUint32(20), view.getUint32(24)];
  const bytes = Uint8Array.from(tag.subarray(start, start + Math.min(length, 400)));
  return shown(new TextDecoder("utf-16be").decode(bytes));
}

function shown(text: string): string | null {
  const name = text.replace(/\0.*$/s, "").trim();
  return name === "" ? null : plainText(name, 60);
}
