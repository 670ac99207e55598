/** Why one way of getting the native engine did not work: a phrase that fits after "because". */
export class RouteError extends Error {
  constructor(reason: string, options?: ErrorOptions) {
    super(reason, options);
    this.name = "RouteError";
  }
}

/** The line of a failed command's output that says most, without addresses and at most 160 characters long. */
export function reasonIn(output: string): string {
  const lines = output
    .split(/\r?\n/u)
    .map((line) => line.replace(/^npm (error|ERR!)\s*/u, "").trim())
    .filter((line) => line !== "");
  const telling =
    lines.find((line) =>
      /\b(E[A-Z]{4,}|[A-Za-z]*Error|ERROR|error|fatal)\b\s*:?\s+\S/u.test(line),
    ) ??
    lines.at(-1) ??
    "it said nothing";
  const plain = telling.replace(/\b[a-z]+:\/\/\S+/gu, "(address)");
  return plain.length > 160 ? `${plain.slice(0, 159)}…` : plain;
}

/** `reason` of anything thrown. */
export const reasonOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
