/** What the processes of a workbench do that a hostile workspace might make them do, by /proc. */
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import path from "node:path";
import { root } from "../../scripts/lib/places.mjs";
import { descendantsOf, isCompute, type Process } from "../support/processes.ts";

const EVERY_MS = 100;
const MOST_BYTES = 500e6;
const LISTENS = "0A";

/** Looks every tenth of a second, from now until `stop`; `wrong` grows with what must not be. */
export class Watch {
  readonly wrong = new Set<string>();
  /** Peak resident sizes in bytes, by what a process is. */
  readonly peaks = new Map<string, number>();
  looks = 0;
  /** What had the words of its parent at the last look: a process has them from its fork until its own program runs, a moment. */
  private startingBefore: ReadonlySet<number> = new Set();
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly workbench: number,
    private readonly folder: string,
    private readonly port: number,
    private readonly mostBytes = MOST_BYTES,
  ) {
    this.timer = setInterval(() => this.look(), EVERY_MS);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private look(): void {
    this.looks++;
    const all = descendantsOf(this.workbench);
    const commands = new Map(all.map(({ pid, command }) => [pid, command]));
    const starting = all.filter((one) => commands.get(one.parent) === one.command);
    for (const one of all)
      try {
        if (!starting.includes(one) || this.startingBefore.has(one.pid)) this.judge(one);
      } catch {
        // it ended while we looked
      }
    this.startingBefore = new Set(starting.map(({ pid }) => pid));
  }

  private judge(one: Process): void {
    // on its way into its program: what that is will be told at the next look
    if (one.command === "") return;
    const kind = isCompute(one) ? "compute" : /extensionHost/.test(one.command) ? "host" : null;
    // the workbench's own search and language servers look at the folder that is open
    if (kind === null && /code-server[/\\]lib[/\\]vscode/.test(one.command)) return;
    const name = one.command.slice(0, 200);
    const current = readlinkSync(`/proc/${one.pid}/cwd`);
    if (current === this.folder || current.startsWith(this.folder + path.sep))
      this.wrong.add(`runs in ${current}: ${name}`);
    if (kind === null) return;
    if (kind === "compute" && current !== path.join(root, "dist"))
      this.wrong.add(`runs in ${current}: ${name}`);
    const status = readFileSync(`/proc/${one.pid}/status`, "utf8");
    const peak = Number(/^VmHWM:\s+(\d+)/m.exec(status)?.[1]) * 1024;
    this.peaks.set(kind, Math.max(peak, this.peaks.get(kind) ?? 0));
    if (peak > this.mostBytes) this.wrong.add(`${kind} takes ${Math.round(peak / 1e6)} MB`);
    this.judgeSockets(one.pid, kind);
  }

  private judgeSockets(pid: number, kind: string): void {
    const own = new Set(
      readdirSync(`/proc/${pid}/fd`).map((fd) => /\d+/.exec(linkOf(`/proc/${pid}/fd/${fd}`))?.[0]),
    );
    for (const table of ["tcp", "tcp6", "udp", "udp6"])
      for (const line of readFileSync(`/proc/${pid}/net/${table}`, "utf8").split("\n").slice(1)) {
        const [, , remote = "", state, , , , , , inode] = line.trim().split(/\s+/);
        if (inode === undefined || !own.has(inode)) continue;
        const [address = "", port = ""] = remote.split(":");
        const isHere =
          /^(0+|0100007F|0{24}0100007F|0{20}FFFF00000100007F|0{16}FFFF00000100007F)$/.test(address);
        if (state === LISTENS) this.wrong.add(`${kind} listens`);
        else if (!isHere) this.wrong.add(`${kind} speaks to ${remote}`);
        else if (parseInt(port, 16) === this.port) this.wrong.add(`${kind} asks the server`);
      }
  }
}

/** `socket:[123]`; nothing else has a number there that counts. */
function linkOf(file: string): string {
  try {
    const link = readlinkSync(file);
    return link.startsWith("socket:") ? link : "";
  } catch {
    return "";
  }
}
