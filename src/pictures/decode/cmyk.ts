/** a * b / 255, rounded, without a division. */
function share(a: number, b: number): number {
  const product = a * b + 128;
  return ((product >> 8) + product) >> 8;
}

/** Ink (0 none, 255 full) as light, without a profile: what the colour leaves of what black leaves. Writes RGBA. */
export function inkToRgba(
  c: number,
  m: number,
  y: number,
  k: number,
  rgba: Uint8Array,
  to: number,
): void {
  const light = 255 - k;
  rgba[to] = light - share(c, light);
  rgba[to + 1] = light - share(m, light);
  rgba[to + 2] = light - share(y, light);
  rgba[to + 3] = 255;
}

/** What there is to say about it. */
export const CMYK_NOTE = "CMYK was converted to RGB without a colour profile";
