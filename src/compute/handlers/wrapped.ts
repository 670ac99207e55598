import type { CallContext } from "../../rpc/index.ts";

/** A call as it is made. */
export type Answering = (params: unknown, context: CallContext) => unknown;

/** The same handlers, each with something around it. */
export function wrapped<H extends object>(
  handlers: H,
  around: (answer: Answering, name: string) => Answering,
): H {
  const entries = Object.entries(handlers).map(([name, answer]: [string, Answering]) => [
    name,
    around(answer, name),
  ]);
  return Object.fromEntries(entries) as H;
}
