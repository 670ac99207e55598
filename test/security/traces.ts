/** What a hostile workspace might leave behind: changed files, requests, lines of the log. */
import assert from "node:assert/strict";
import { lstatSync, readdirSync, readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { FORGED } from "./hostile-workspace.ts";

/** Every file below a folder, with what tells whether it was changed. */
export function filesIn(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).sort();
  return Object.fromEntries(
    names.map((name) => {
      const { size, mtimeMs, mode } = lstatSync(path.join(folder, name));
      return [name, `${size} ${mtimeMs} ${mode}`];
    }),
  );
}

/** A server of this machine; `requests` grows with what it is asked. */
export async function listeningServer(): Promise<{
  server: Server;
  port: number;
  requests: string[];
}> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.method ?? ""} ${request.url ?? ""}`);
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { server, port: (server.address() as AddressInfo).port, requests };
}

/** The lines of our log, of all files of that name below a folder of logs. */
export const logIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => path.basename(name) === "ConvLens.log")
    .flatMap((name) => readFileSync(path.join(folder, name), "utf8").split("\n"));

/** What we write whenever something is computed: a log without it was not read. */
const OURS = /\[info\] The compute process was started\./;

/** Lines of the log that a name of a file made. Throws where it is not our log, or was not written. */
export function forgedLines(log: readonly string[]): string[] {
  assert.ok(
    log.some((line) => OURS.test(line)),
    `no log of ours was read (${log.length} lines)`,
  );
  return log.filter((line) => line.startsWith("2026-01-01") || line.includes(`] ${FORGED}`));
}
