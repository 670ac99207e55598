import type { Port } from "../rpc/index.ts";

/** The channel to the process that forked this one. */
export function parentPort(): Port {
  return {
    post: (message) =>
      new Promise<void>((resolve) => {
        // the parent may be gone between a step and its progress
        if (process.connected && process.send)
          process.send(message, undefined, undefined, () => {
            resolve();
          });
        else resolve();
      }),
    onMessage: (listener) => {
      process.on("message", listener);
      return () => process.off("message", listener);
    },
    onClose: (listener) => {
      const closed = (): void => listener("The extension host is gone.");
      process.on("disconnect", closed);
      return () => process.off("disconnect", closed);
    },
  };
}
