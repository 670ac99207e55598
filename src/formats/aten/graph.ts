/** What is followed call by call -> a graph that runs. */
import type { ModelGraph } from "../../graph/index.ts";
import type { ByteSource } from "../bytes/source.ts";
import type { ReadOptions } from "../format.ts";
import { Unsupported } from "../lower/unsupported.ts";
import { buildGraph } from "../pt2/build.ts";
import type { Program, Ref } from "../pt2/schema.ts";
import type { StoredTensor } from "../tensors/stored.ts";
import { guesses, type Guess, type Wanted } from "./input-shapes.ts";
import { NoBetter, Recorder, Unbounded } from "./recorder.ts";

/** A network that is followed. */
export interface Followed {
  /** As the user is told: `TorchScript`. */
  readonly format: string;
  readonly inputs: readonly Wanted[];
  /** Its parameters in their order. */
  readonly tensors: readonly StoredTensor[];
  readonly notes: readonly string[];
  /** Writes its calls down, and gives its outputs. Throws `Unsupported` where it cannot be followed. */
  follow(recorder: Recorder): readonly Ref[];
}

/**
 * The graph, with sizes of its inputs that the file tells, or the first usual ones with which everything works. Throws `Unsupported` where
 * the network as a whole cannot be followed.
 */
export function followedGraph(
  followed: Followed,
  source: ByteSource,
  options: ReadOptions,
): ModelGraph {
  const { guess, open } = chosen(followed, source.name, options);
  const tensors = new Map<string, StoredTensor>();
  const program = (free: boolean): Program => {
    const recorder = new Recorder(guess.fed, free, source.name);
    const outputs = followed.follow(recorder);
    for (const [name, tensor] of recorder.tensors) tensors.set(name, tensor);
    const { format } = followed;
    const told = recorder.program(outputs, {
      format,
      notes: [...followed.notes, ...(open || guess.told ? [] : [guessed(guess)])],
      sizesFrom: guess.said,
      torchVersion: null,
    });
    return open ? withFreeSizes(told) : told;
  };
  return buildGraph(program, tensors, source, options);
}

function guessed({ fed, said }: Guess): string {
  const each = fed.map(({ name, shape }) => `'${name}' (${shape.slice(1).join(" x ")})`);
  return `The file does not tell the size of its input ${each.join(", ")}: ${said}.`;
}

/** How well a guess works. */
interface Attempt {
  readonly guess: Guess;
  readonly failures: number;
  readonly failure: string | null;
  /** Calls before the first failure. */
  readonly understood: number;
}

/** With a free batch, or where that does not work with the example's; `before`: nothing is wanted that fails as early. */
function attempted(followed: Followed, guess: Guess, file: string, before?: Attempt): Attempt {
  const patience = before?.understood ?? -1;
  const free = attemptedWith(true, followed, guess, file, patience);
  if (free.failures === 0) return free;
  const fixed = attemptedWith(false, followed, guess, file, patience);
  return fixed.failures < free.failures ? fixed : free;
}

function attemptedWith(
  free: boolean,
  followed: Followed,
  guess: Guess,
  file: string,
  patience: number,
): Attempt {
  const recorder = new Recorder(guess.fed, free, file, patience);
  try {
    followed.follow(recorder);
  } catch (error) {
    const ours = error instanceof Unsupported && !(error instanceof Unbounded);
    if (!ours && !(error instanceof NoBetter)) throw error;
    return { guess, failures: Infinity, failure: error.message, understood: recorder.understood };
  }
  const { failures, failure, understood } = recorder;
  return { guess, failures, failure, understood };
}

function chosen(
  followed: Followed,
  file: string,
  options: ReadOptions,
): { readonly guess: Guess; readonly open: boolean } {
  const all = guesses(followed.inputs, followed.tensors, options.inputSize);
  let best: Attempt | undefined;
  for (const guess of all) {
    const attempt = attempted(followed, guess, file, best);
    if (!best || attempt.failures < best.failures) best = attempt;
    // other sizes change nothing about what is not understood
    if (best.failures === 0 || attempt.failure?.includes("not understood") === true) break;
  }
  if (!best || best.failures === Infinity)
    throw new Unsupported(best?.failure ?? "it has no inputs");
  const { guess, failures } = best;
  const others = guess.fed.map((fed) => ({ ...fed, shape: larger(fed.shape) }));
  const open =
    failures === 0 && attempted(followed, { ...guess, fed: others }, file).failures === 0;
  return { guess, open };
}

/** Another size, which a network whose size is free takes as well. */
const larger = (shape: readonly number[]): readonly number[] =>
  shape.length === 4 || shape.length === 5
    ? shape.map((size, axis) => (axis < 2 ? size : size + (shape.length === 4 ? 64 : 16)))
    : shape;

/** The program with rows and columns of its pictures free. */
function withFreeSizes(program: Program): Program {
  const metas = new Map(program.metas);
  for (const { kind, name } of program.inputs) {
    const meta = metas.get(name);
    if (kind !== "user" || (meta?.sizes.length !== 4 && meta?.sizes.length !== 5)) continue;
    const sizes = meta.sizes.map((size, axis) =>
      axis < 2 ? size : { ...size, symbol: `s${axis}` },
    );
    metas.set(name, { ...meta, sizes });
  }
  return { ...program, metas };
}
