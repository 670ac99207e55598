import type { FilterGrid } from "../../../src/shared/contract/lenses.ts";
import { byLargest } from "../../common/text/index.ts";

/** How filters are put in order. */
export type FilterSort = "index" | "norm";
type Facts = Pick<FilterGrid, "norms" | "nearZero">;
interface Order {
  /** null: as they are stored. */
  readonly order: readonly number[] | null;
  /** Filters that are shown faintly, with the words for why. */
  readonly dimmed: ReadonlyMap<number, string>;
}

const known = new WeakMap<Facts, Partial<Record<FilterSort, Order>>>();

/**
 * The order of a layer's filters. Those that are nothing beside the others are faint and last: stretched to all colours, the noise in them
 * would be what is most vivid.
 */
export function filterOrder(grid: Facts, sort: FilterSort): Order {
  const orders = known.get(grid) ?? {};
  known.set(grid, orders);
  return (orders[sort] ??= {
    order: ORDERS[sort](grid),
    dimmed: new Map(grid.nearZero.map((filter) => [filter, "~ 0"])),
  });
}

const ORDERS: Readonly<Record<FilterSort, (grid: Facts) => readonly number[] | null>> = {
  norm: ({ norms }) => byLargest(norms),
  index: ({ norms, nearZero }) => {
    if (nearZero.length === 0) return null;
    const nothing = new Set(nearZero);
    return [...[...norms.keys()].filter((filter) => !nothing.has(filter)), ...nearZero];
  },
};
