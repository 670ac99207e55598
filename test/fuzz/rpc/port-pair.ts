import type { Port } from "../../../src/rpc/index.ts";

/** Two ends of one channel in this process. Messages are copied as they are between processes, and arrive one after another. */
export function portPair(): { readonly here: Port; readonly there: Port } {
  const [mine, others] = [
    new Set<(message: unknown) => void>(),
    new Set<(message: unknown) => void>(),
  ];
  const end = (from: typeof mine, to: typeof mine): Port => ({
    post: (message) => {
      const copy: unknown = structuredClone(message);
      queueMicrotask(() => {
        for (const listener of to) listener(copy);
      });
    },
    onMessage: (listener) => {
      from.add(listener);
      return () => from.delete(listener);
    },
    onClose: () => () => undefined,
  });
  return { here: end(mine, others), there: end(others, mine) };
}
