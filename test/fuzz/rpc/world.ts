/** A workspace on disk for the fuzzing of messages: what a person chose in it, and what lies around. */
import { copyFileSync, mkdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { encodeNpy, encodePng } from "../../../src/pictures/index.ts";
import { floats } from "../../../src/base/tensor.ts";
import type { Places } from "./values.ts";

const MODEL = fileURLToPath(new URL("../../models/heads/bare.keras", import.meta.url));

export interface World extends Places {
  readonly root: string;
  readonly workspace: string;
  readonly storage: string;
  /** What a person chose, and what they may drop. */
  readonly chosen: readonly string[];
}

/** Makes it anew below `work`. */
export function makeWorld(work: string): World {
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  const root = realpathSync(work);
  const at = (...names: string[]): string => path.join(root, ...names);
  for (const folder of ["ws/pictures", "out/pictures", "storage", "cache"])
    mkdirSync(at(folder), { recursive: true });
  const png = encodePng(new Uint8Array(12 * 12 * 3).fill(90), 12, 12, 3);
  const npy = encodeNpy(floats([12, 12, 3], new Float32Array(432)));
  for (const name of ["ws/epoch_1.keras", "ws/epoch_2.keras", "ws/other.keras", "out/secret.keras"])
    copyFileSync(MODEL, at(name));
  for (const name of ["ws/own.png", "ws/dropped.png", "ws/pictures/a.png", "out/secret.png"])
    writeFileSync(at(name), png);
  writeFileSync(at("out/pictures/b.png"), png);
  writeFileSync(at("ws/own.npy"), npy);
  writeFileSync(at("ws/train.py"), "\n\n\n");
  symlinkSync(at("out/secret.png"), at("ws/link.png"));
  symlinkSync(at("out"), at("ws/away"));
  const places: Places = {
    ...{ model: at("ws/epoch_1.keras"), checkpoint: at("ws/epoch_2.keras") },
    ...{ other: at("ws/other.keras"), picture: at("ws/own.png"), array: at("ws/own.npy") },
    ...{ folder: at("ws/pictures"), dropped: at("ws/dropped.png") },
    foreign: [
      ...[at("out/secret.png"), at("out/secret.keras"), at("out"), at("out/pictures"), "/", "/etc"],
      ...["/etc/passwd", "/dev/zero", "/proc/self/environ", at("ws/link.png")],
      ...[at("ws/away/secret.png"), at("ws/away/pictures"), `${at("ws")}/../out/secret.png`],
      at("ws/away/epoch_2.keras"),
    ],
  };
  const { picture, array, folder, dropped } = places;
  const chosen = [picture, array, folder, dropped];
  return { ...places, root, workspace: at("ws"), storage: at("storage"), chosen };
}

/** Whether a path is `folder` or lies below it, by its name. */
export const isIn = (file: string, folder: string): boolean =>
  file === folder || file.startsWith(folder + path.sep);
