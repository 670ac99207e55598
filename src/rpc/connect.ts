import { RemoteError } from "./errors.ts";
import { isMessage, type CallOptions, type Contract, type Port, type Remote } from "./types.ts";

interface Pending {
  resolve(value: unknown): void;
  reject(error: Error): void;
  onProgress: CallOptions["onProgress"];
  cleanUp(): void;
}

/**
 * The calling side of a port. A failed call rejects with a RemoteError: the answering side's error
 * by its kind, `cancelled` after an abort, or `disconnected` once the port is closed.
 */
export interface Connection<C extends Contract<C>> {
  readonly remote: Remote<C>;
  /** Cancels what is pending and stops listening. */
  dispose(): void;
}

/** The calling side. Every pending call ends: by its result, an error, a cancel or the port's close. */
export function connect<C extends Contract<C>>(port: Port): Connection<C> {
  const pending = new Map<number, Pending>();
  let lastId = 0;
  let closed: string | null = null;

  const settle = (id: number): Pending | undefined => {
    const call = pending.get(id);
    pending.delete(id);
    call?.cleanUp();
    return call;
  };
  const stopMessages = port.onMessage((message) => {
    if (!isMessage(message)) return;
    if (message.type === "progress") pending.get(message.id)?.onProgress?.(message.progress);
    else if (message.type === "result") settle(message.id)?.resolve(message.value);
    else if (message.type === "error")
      settle(message.id)?.reject(new RemoteError(message.kind, message.message));
  });
  const fail = (reason: string): void => {
    closed ??= reason;
    for (const id of [...pending.keys()])
      settle(id)?.reject(new RemoteError("disconnected", reason));
  };
  const stopClose = port.onClose(fail);

  const call = (method: string, params: unknown, options: CallOptions = {}): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const refuse = (kind: string, message: string): void => {
        reject(new RemoteError(kind, message));
      };
      if (closed !== null) {
        refuse("disconnected", closed);
        return;
      }
      if (options.signal?.aborted) {
        refuse("cancelled", "Cancelled.");
        return;
      }
      const id = ++lastId;
      const cancel = (): void => {
        settle(id)?.reject(new RemoteError("cancelled", "Cancelled."));
        port.post({ type: "cancel", id });
      };
      options.signal?.addEventListener("abort", cancel, { once: true });
      const cleanUp = (): void => options.signal?.removeEventListener("abort", cancel);
      pending.set(id, { resolve, reject, onProgress: options.onProgress, cleanUp });
      try {
        port.post({ type: "request", id, method, params });
      } catch (error) {
        settle(id)?.reject(new RemoteError("disconnected", String(error)));
      }
    });

  const remote = new Proxy({} as Remote<C>, {
    // `then` must stay undefined, or awaiting a remote would call it
    get: (_target, method) =>
      typeof method === "string" && method !== "then"
        ? (params: unknown, options?: CallOptions) => call(method, params, options)
        : undefined,
  });
  const dispose = (): void => {
    if (closed === null) for (const id of pending.keys()) port.post({ type: "cancel", id });
    fail("The connection was closed.");
    stopMessages();
    stopClose();
  };
  return { remote, dispose };
}
