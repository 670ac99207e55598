/** Typed calls over any two-way port: request | progress | result | error | cancel. */
export type {
  CallContext,
  CallOptions,
  Contract,
  Handlers,
  Port,
  Progress,
  Remote,
} from "./types.ts";
export { connect } from "./connect.ts";
export { serve } from "./serve.ts";
export { RemoteError } from "./errors.ts";
