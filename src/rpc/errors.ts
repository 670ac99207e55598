/** A failure on the other side, or of the connection (`kind` is then `disconnected`). */
export class RemoteError extends Error {
  constructor(
    readonly kind: string,
    message: string,
  ) {
    super(message);
    this.name = "RemoteError";
  }
}

/** What crosses the port for a thrown value: any error with a `kind` keeps it. */
export function describe(error: unknown): { kind: string; message: string } {
  if (!(error instanceof Error)) return { kind: "internal", message: String(error) };
  const kind = (error as { kind?: unknown }).kind;
  return { kind: typeof kind === "string" ? kind : "internal", message: error.message };
}
