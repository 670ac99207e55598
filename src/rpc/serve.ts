import { describe } from "./errors.ts";
import { isMessage, type CallContext, type Contract, type Handlers, type Port } from "./types.ts";

/**
 * The answering side. Every request gets exactly one result or error, also when a handler throws; a cancel aborts the
 * handler's signal. Returns the function that stops serving and aborts what runs.
 */
export function serve<C extends Contract<C>>(port: Port, handlers: Handlers<C>): () => void {
  const running = new Map<number, AbortController>();
  const table = new Map<string, (params: unknown, context: CallContext) => unknown>(
    Object.entries(handlers as Record<string, (params: unknown, context: CallContext) => unknown>),
  );

  const answer = async (id: number, method: string, params: unknown): Promise<void> => {
    const controller = new AbortController();
    running.set(id, controller);
    try {
      const handler = table.get(method);
      if (!handler) throw new Error(`unknown call '${method}'`);
      const value = await handler(params, {
        signal: controller.signal,
        progress: (progress) =>
          controller.signal.aborted ? undefined : port.post({ type: "progress", id, progress }),
      });
      port.post({ type: "result", id, value });
    } catch (error) {
      port.post({ type: "error", id, ...describe(error) });
    } finally {
      running.delete(id);
    }
  };

  const abortAll = (): void => {
    for (const controller of running.values()) controller.abort();
  };
  const stopMessages = port.onMessage((message) => {
    if (!isMessage(message)) return;
    if (message.type === "request") void answer(message.id, message.method, message.params);
    else if (message.type === "cancel") running.get(message.id)?.abort();
  });
  const stopClose = port.onClose(abortAll);
  return () => {
    stopMessages();
    stopClose();
    abortAll();
  };
}
