import type { CallContext } from "../rpc/types.ts";

/** How long work is steered from outside: a signal that cancels it, and a place to say how far it is. */
export type Control = CallContext;
