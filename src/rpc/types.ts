/** The smallest transport: a forked process, a webview or a pair of arrays in a test. */
export interface Port {
  /** A promise that it returns is kept when the message has left this process, and never fails. */
  post(message: unknown): unknown;
  /** Returns the function that stops listening. */
  onMessage(listener: (message: unknown) => void): () => void;
  /** Called once, when the other side is gone. */
  onClose(listener: (reason: string) => void): () => void;
}

/** How far a call is. `fraction` is 0..1 where known; `partial` is a first part of the result. */
export interface Progress {
  readonly message?: string;
  readonly fraction?: number;
  readonly partial?: unknown;
}

/** A contract is an interface of functions of one parameter; both sides import it. */
export type Contract<C> = { [K in keyof C]: (params: never) => unknown };

/** What a handler is given beside its parameters; `signal` aborts on a cancel or a closed port. */
export interface CallContext {
  readonly signal: AbortSignal;
  /** What it returns may be waited for before work that lets nothing else through: until then the message may not have left. */
  readonly progress: (progress: Progress) => unknown;
}

/** What a caller gives beside the parameters; aborting `signal` cancels the call on both sides. */
export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

type Params<F> = F extends (params: infer P) => unknown ? P : never;
type Result<F> = F extends (params: never) => infer R ? Awaited<R> : never;

/** The answering side's function for each call; what it throws becomes the caller's RemoteError. */
export type Handlers<C extends Contract<C>> = {
  [K in keyof C]: (
    params: Params<C[K]>,
    context: CallContext,
  ) => Promise<Result<C[K]>> | Result<C[K]>;
};

/** The calling side of a contract: each call as a promise of its result. */
export type Remote<C extends Contract<C>> = {
  [K in keyof C]: (params: Params<C[K]>, options?: CallOptions) => Promise<Result<C[K]>>;
};

/**
 * What crosses a port. `id` is the request's: the calling side sends requests and cancels, the
 * other progress and then one result or error.
 */
export type Message =
  | { type: "request"; id: number; method: string; params: unknown }
  | { type: "cancel"; id: number }
  | { type: "progress"; id: number; progress: Progress }
  | { type: "result"; id: number; value: unknown }
  | { type: "error"; id: number; kind: string; message: string };

/** Whether a value has a message's `id` and `type`; its other fields are the sender's word. */
export function isMessage(value: unknown): value is Message {
  return (
    typeof value === "object" &&
    value !== null &&
    typeof (value as { id?: unknown }).id === "number" &&
    typeof (value as { type?: unknown }).type === "string"
  );
}
