/** What attacks are made of. */
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import path from "node:path";
import { deflateRawSync } from "node:zlib";
import { fixture, fixtureBytes } from "../support.ts";

/** Shell code that leaves a trace beside the folders of all attacks. */
export const COMMAND = "touch was-here ../was-here ../../was-here";
export const PROTOTYPES = ["__proto__", "constructor", "toString"];

export const written =
  (name: string, content: Uint8Array | string | (() => Uint8Array | string)) =>
  (folder: string): string => {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, typeof content === "function" ? content() : content);
    return file;
  };
export const copied =
  (name: string) =>
  (folder: string): string => {
    const file = path.join(folder, path.basename(name));
    copyFileSync(fixture(name), file);
    return file;
  };
/** The first part of a file. */
export const cutOf =
  (name: string, part: number): (() => Uint8Array) =>
  () => {
    const bytes = fixtureBytes(name);
    return bytes.subarray(0, Math.floor(bytes.length * part));
  };
/** A secret beside the model's folder, and a link to it in the folder. */
export function linked(folder: string, name: string, secret: Uint8Array | string): void {
  const outside = path.join(folder, "..", "secret");
  writeFileSync(outside, secret);
  symlinkSync(outside, path.join(folder, name));
}
/** Opening a pipe to read waits for a writer who never comes. */
export const pipe = (folder: string, name: string): void => {
  execFileSync("mkfifo", [path.join(folder, name)]);
};
/** A file that ends in nothing, as long as is said, of which the disk keeps only the beginning. */
export function long(file: string, size: number): void {
  truncateSync(file, size);
}
export const nested = (depth: number): string => "[".repeat(depth) + "]".repeat(depth);

/** A zip archive with one packed member whose declared size is what is said, or what it is. */
export function bomb(name: string, unpacked: number, declared = unpacked): Uint8Array {
  const packed = deflateRawSync(Buffer.alloc(unpacked, " "), { level: 9 });
  const label = Buffer.from(name);
  const local = Buffer.alloc(30);
  local.writeUInt32LE(0x04034b50, 0);
  const entry = Buffer.alloc(46);
  entry.writeUInt32LE(0x02014b50, 0);
  for (const [header, at] of [
    [local, 0],
    [entry, 2],
  ] as const) {
    header.writeUInt16LE(8, at + 8);
    header.writeUInt32LE(packed.length, at + 18);
    header.writeUInt32LE(declared, at + 22);
    header.writeUInt16LE(label.length, at + 26);
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(entry.length + label.length, 12);
  end.writeUInt32LE(local.length + label.length + packed.length, 16);
  return Buffer.concat([local, label, packed, entry, label, end]);
}
