/** The parameters of a layer, as the user sees them. */
import type { WeightInfo } from "../../graph/index.ts";
import type { Use } from "../lower/index.ts";
import type { Assembly } from "./assembly.ts";
import type { Made } from "./recording.ts";
import { weightName } from "./names.ts";

interface Taken {
  readonly use: Use;
  /** `kernel`, `bias`, ...; undefined: as the file names it. */
  readonly role: string | undefined;
}

/** Each parameter once: as a kernel where it is one, otherwise as the file has it. */
export function weightsOf({ network, parameters }: Assembly, made: readonly Made[]): WeightInfo[] {
  const found = new Map<string, Taken>();
  for (const { uses, roles } of made)
    for (const use of uses) {
      const role = roles.get(use.parameter.ref);
      const known = found.get(use.parameter.ref);
      const better = known?.role === undefined && role !== undefined;
      if (!known || better || (use.kernel !== null && known.use.kernel === null))
        found.set(use.parameter.ref, { use, role: role ?? known?.role });
    }
  const names = new Map<string, number>();
  return [...found].flatMap(([ref, { use, role }]): WeightInfo[] => {
    const stored = parameters.get(ref);
    if (!stored) return [];
    const wanted = role ?? weightName(stored.name);
    const times = names.get(wanted) ?? 0;
    names.set(wanted, times + 1);
    // a dense kernel that works on positions is drawn as the matrix that it is
    const isKernel = use.kernel !== null && stored.shape.length === 4;
    const shown = isKernel ? use : network.use(stored);
    return [
      {
        name: times === 0 ? wanted : `${wanted}_${times}`,
        ref: shown.ref,
        shape: shown.shape,
        storedDType: stored.storedDType,
        trainable: stored.trainable,
        ...(isKernel && { kernel: use.kernel }),
      },
    ];
  });
}
