import { plainText } from "./plain-text.ts";

/**
 * What went wrong, in the terms a person can act on:
 * `usage` the request itself, `input` a model, picture or label file, `compute` the engine, `cancelled` the person.
 */
export type ErrorKind = "usage" | "input" | "compute" | "cancelled";

/** A sentence that names files and layers needs no more. */
const MOST_CHARACTERS = 4000;

/** Exit codes of the command line. */
export const EXIT_CODES: Readonly<Record<ErrorKind, number>> = {
  usage: 2,
  input: 3,
  compute: 4,
  cancelled: 130,
};

/** An error whose message is one clear sentence for the person who reads it: what is wrong, where, and the cure. */
export class ConvLensError extends Error {
  constructor(
    readonly kind: ErrorKind,
    message: string,
    options?: ErrorOptions,
  ) {
    super(plainText(message, MOST_CHARACTERS), options);
    this.name = "ConvLensError";
  }
}

/** The request itself is wrong: an argument, an option, a class or a layer that is not there. */
export const usageError = (message: string): ConvLensError => new ConvLensError("usage", message);
/** Names out of a file may hold anything, and be of any length: what would break the line or fill the screen is left out. */
export const inputError = (message: string, options?: ErrorOptions): ConvLensError =>
  new ConvLensError(
    "input",
    message.replaceAll(/\p{Cc}+/gu, " ").replaceAll(/(\S{80})\S{200,}/gu, "$1…"),
    options,
  );
/** Nothing is wrong with what was asked or given: the engine, the disk or the machine failed. */
export const computeError = (message: string): ConvLensError =>
  new ConvLensError("compute", message);

/** What whatever was thrown says. */
export const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

/** Throws a ConvLensError of kind `cancelled` once the signal is aborted. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new ConvLensError("cancelled", "Cancelled.");
}

/** Lets timers and messages (a cancel among them) through between two steps of long work. */
export async function breathe(signal: AbortSignal | undefined): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 0));
  throwIfAborted(signal);
}

/** Long enough for a page to paint what it was sent. */
const PAINTING_MS = 150;

/** Before work that takes every processor: what was shown last is painted first. */
export async function letPaint(signal: AbortSignal | undefined): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, PAINTING_MS));
  throwIfAborted(signal);
}

/** The candidates closest to `name`, for messages such as "no layer 'conv9'; nearest: conv1, conv2". */
export function nearest(name: string, candidates: readonly string[], count = 3): string[] {
  const wanted = name.toLowerCase();
  return [...candidates]
    .map((candidate) => ({ candidate, distance: editDistance(wanted, candidate.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, count)
    .map(({ candidate }) => candidate);
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next.push(
        Math.min(
          (row[j] ?? 0) + 1,
          (next[j - 1] ?? 0) + 1,
          (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1),
        ),
      );
    row = next;
  }
  return row[b.length] ?? 0;
}
