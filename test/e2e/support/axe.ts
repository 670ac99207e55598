import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Frame } from "playwright-core";

const source = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

interface Violation {
  readonly id: string;
  readonly impact: string | null;
  readonly nodes: readonly {
    readonly target: readonly unknown[];
    readonly failureSummary: string;
  }[];
}

/** Serious and critical findings of axe-core in a webview, in words. */
export async function seriousFindings(frame: Frame): Promise<readonly string[]> {
  // Through the debugger: a script element would be stopped by the page's content security policy.
  await frame.evaluate(source);
  const violations = await frame.evaluate(async () => {
    const { axe } = window as unknown as {
      axe: { run(where: Document, options: object): Promise<{ violations: unknown[] }> };
    };
    return (await axe.run(document, { resultTypes: ["violations"] })).violations;
  });
  return (violations as Violation[])
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => {
      const first = nodes[0];
      return `${id}: ${JSON.stringify(first?.target)} (${nodes.length} in all) ${first?.failureSummary ?? ""}`;
    });
}
