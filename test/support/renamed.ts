import { readFileSync } from "node:fs";
import { strFromU8, strToU8, unzipSync, zipSync } from "fflate";

const NETWORK = new URL("../models/heads/bare.keras", import.meta.url);

/** A small network whose first layer has this name. */
export function renamed(layer: string): Uint8Array {
  const members = unzipSync(readFileSync(NETWORK));
  const config = strFromU8(members["config.json"] ?? new Uint8Array());
  const own = config.replaceAll('"conv"', () => JSON.stringify(layer));
  return zipSync({ ...members, "config.json": strToU8(own) }, { level: 0 });
}
