/** Targets that are attacked by messages in place of files: attempt number `i` is a message of every call. */
import type { Outcome } from "../exercise.ts";

type Attack = (work: string, seed: number) => (index: number) => Promise<string[]>;

const ATTACKS: Readonly<Record<string, () => Promise<Attack>>> = {
  "rpc-page": () => import("./page.ts").then(({ attackPage }) => attackPage),
  "rpc-compute": () => import("./compute.ts").then(({ attackCompute }) => attackCompute),
};

export const ROUNDS = Object.keys(ATTACKS);

/** What makes the attempts of one of them; null for the name of another target. */
export async function roundsOf(
  name: string,
  work: string,
  seed: number,
): Promise<((index: number) => Promise<Outcome>) | null> {
  const load = Object.hasOwn(ATTACKS, name) ? ATTACKS[name] : undefined;
  if (!load) return null;
  const round = (await load())(work, seed);
  return async (index) => {
    const [first] = await round(index);
    return first === undefined ? "read" : { what: first, stack: "" };
  };
}
