/** The command line called in this process, and what it answers. */
import assert from "node:assert/strict";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { run } from "../../src/cli/run.ts";
import { data } from "./support.ts";

export const root = fileURLToPath(new URL("../../", import.meta.url));
export const sample = (name: string): string => path.join(root, "samples", name);
export const DIGIT = data("digits/digit_00_label6.png");
export const DIGITS = sample("digits/digits.h5");
export const WASM = ["--engine", "wasm"];

export interface Answer {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}
export interface Document {
  readonly engine: string;
  readonly arrays: readonly { name: string; file: string | null; shape: number[]; max: number }[];
  readonly classes: readonly { index: number; label: string; probability: number; logit: number }[];
  readonly layers: readonly Record<string, unknown>[];
  readonly files: readonly string[];
  readonly error: { kind: string; message: string };
  readonly [key: string]: unknown;
}

export async function convlens(...args: string[]): Promise<Answer> {
  let [out, err] = ["", ""];
  const streams = { out: (text: string) => (out += text), err: (text: string) => (err += text) };
  const code = await run(args, streams, new AbortController().signal);
  return { code, out, err };
}
export async function json(...args: string[]): Promise<Document> {
  const { code, out, err } = await convlens(...args, "--json");
  assert.equal(code, 0, err);
  return JSON.parse(out) as Document;
}
export async function refused(code: number, reason: RegExp, ...args: string[]): Promise<void> {
  const answer = await convlens(...args);
  assert.equal(answer.code, code, answer.err);
  assert.match(answer.err, reason);
  assert.equal(answer.err.trimEnd().split("\n").length, 1, answer.err);
  assert.equal(answer.out, "");
}
