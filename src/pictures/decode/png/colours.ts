import { inflateSync } from "node:zlib";
import { curveBy } from "../../colour/curve.ts";
import { iccColours } from "../../colour/icc.ts";
import { BT2020, BT709, fromPrimaries, P3, type Chromaticities } from "../../colour/primaries.ts";
import { srgbToLinear, toSrgb } from "../../colour/srgb.ts";
import type { PictureBytes } from "../bytes.ts";
import { viewOf, type ColourChange } from "../format.ts";
import { pngChunks } from "./chunks.ts";

/** Of an inflated profile: those that are tables of many colours have some megabytes. */
const MOST_PROFILE = 1 << 24;
const WANTED = ["cICP", "iCCP", "sRGB", "gAMA", "cHRM"];

/** What a PNG says of its colours, the first of: cICP, iCCP, sRGB, gAMA with cHRM (PNG, third edition, 4.3). */
export function pngColours(bytes: PictureBytes): ColourChange | null {
  const chunks = new Map<string, Uint8Array>();
  for (const { type, data } of pngChunks(bytes)) {
    // they come before the pixels
    if (type === "IDAT") break;
    if (WANTED.includes(type) && !chunks.has(type)) chunks.set(type, data());
  }
  const [cicp, iccp, gamma] = ["cICP", "iCCP", "gAMA"].map((type) => chunks.get(type));
  if (cicp && cicp.length >= 4) return coded(cicp);
  if (iccp) return embedded(iccp);
  if (chunks.has("sRGB") || gamma?.length !== 4) return null;
  return measured(viewOf(gamma).getUint32(0) / 1e5, chromaticities(chunks.get("cHRM")));
}

/** A name, a zero, how it is compressed, and the profile. */
function embedded(data: Uint8Array): ColourChange | null {
  const start = data.indexOf(0) + 2;
  try {
    return iccColours(inflateSync(data.subarray(start), { maxOutputLength: MOST_PROFILE }));
  } catch {
    return { note: "its colour profile is damaged and was not applied", apply: null };
  }
}

const PRIMARIES: Readonly<Record<number, readonly [string, Chromaticities]>> = {
  ...{ 1: ["BT.709", BT709], 9: ["BT.2020", BT2020], 12: ["Display P3", P3] },
};
/** Curves of ITU-T H.273 that cameras' sRGB stands for, and light itself. */
const CURVES: Readonly<Record<number, (value: number) => number>> = {
  ...{ 1: srgbToLinear, 6: srgbToLinear, 13: srgbToLinear, 14: srgbToLinear, 15: srgbToLinear },
  8: (value) => value,
};

function coded([primaries = 0, transfer = 0]: Uint8Array): ColourChange | null {
  const found = PRIMARIES[primaries];
  const curve = CURVES[transfer];
  const matrix = found && fromPrimaries(found[1]);
  if (!found || !curve || !matrix)
    return {
      note: `its colours (code points ${primaries} and ${transfer} of H.273${transfer === 16 || transfer === 18 ? ", high dynamic range" : ""}) were taken as sRGB`,
      apply: null,
    };
  const light = curveBy(curve);
  const apply = toSrgb({ curves: [light, light, light], matrix });
  return apply && { note: `colours were converted from ${found[0]} to sRGB`, apply };
}

function chromaticities(data: Uint8Array | undefined): Chromaticities {
  if (data?.length !== 32) return BT709;
  const view = viewOf(data);
  return [0, 1, 2, 3].map(
    (i) => [view.getUint32(8 * i) / 1e5, view.getUint32(8 * i + 4) / 1e5] as const,
  );
}

/** 1 / 2.2 stands for sRGB's own curve. */
const USUAL = 0.45455;

function measured(gamma: number, primaries: Chromaticities): ColourChange | null {
  const matrix = fromPrimaries(primaries);
  if (!(gamma > 0.05 && gamma < 20) || !matrix)
    return { note: "its colour tags (gAMA, cHRM) are damaged and were not applied", apply: null };
  const curve =
    Math.abs(gamma - USUAL) < 0.01 ? srgbToLinear : (value: number) => value ** (1 / gamma);
  const light = curveBy(curve);
  const apply = toSrgb({ curves: [light, light, light], matrix });
  return (
    apply && {
      note: `colours were converted to sRGB by the file's own tags (gamma ${gamma.toFixed(5)})`,
      apply,
    }
  );
}
