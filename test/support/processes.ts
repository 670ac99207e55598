import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

export interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

/** All processes of this machine. Slim containers have no ps, but then they have /proc. */
function processes(): readonly Process[] {
  if (process.platform !== "linux")
    return execFileSync("ps", ["-axo", "pid=,ppid=,command="], { encoding: "utf8" })
      .split("\n")
      .map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [])
      .map(([, pid, parent, command]) => ({
        pid: Number(pid),
        parent: Number(parent),
        command: command ?? "",
      }));
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const parent = /^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${name}/status`, "utf8"))?.[1];
        const command = readFileSync(`/proc/${name}/cmdline`, "utf8").replaceAll("\0", " ");
        return [{ pid: Number(name), parent: Number(parent), command }];
      } catch {
        return []; // it ended while we looked
      }
    });
}

/** The processes that descend from `ancestor`, itself among them. */
export function descendantsOf(ancestor: number): readonly Process[] {
  const all = processes();
  const parentOf = new Map(all.map(({ pid, parent }) => [pid, parent]));
  const descends = (pid: number): boolean => {
    for (let at: number | undefined = pid; at !== undefined && at > 1; at = parentOf.get(at))
      if (at === ancestor) return true;
    return false;
  };
  return all.filter(({ pid }) => descends(pid));
}

/** Whether a process is one of ours that computes. */
export const isCompute = ({ command }: Process): boolean => /dist[/\\]compute\.js/.test(command);

/** The compute processes that descend from `ancestor`. */
export const computeProcesses = (ancestor: number): readonly Process[] =>
  descendantsOf(ancestor).filter(isCompute);

/** How many children of `parent` have ended without it having asked how. */
export function zombiesOf(parent: number): number {
  if (process.platform !== "linux") return 0;
  return processes().filter((one) => {
    if (one.parent !== parent) return false;
    try {
      return /^State:\s+Z/m.test(readFileSync(`/proc/${one.pid}/status`, "utf8"));
    } catch {
      return false; // it ended while we looked
    }
  }).length;
}

/** Ends, without a chance to say goodbye, the compute processes that descend from `ancestor`; returns how many. */
export function killCompute(ancestor: number): number {
  const found = computeProcesses(ancestor);
  for (const { pid } of found) process.kill(pid, "SIGKILL");
  return found.length;
}

/** Time that the compute processes have computed, in hundredths of a second; null where the system does not tell. */
export function computeTicks(ancestor: number): number | null {
  if (process.platform !== "linux") return null;
  return computeProcesses(ancestor).reduce((sum, { pid }) => {
    // the name may hold blanks: fields are counted after it
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ");
    return sum + Number(fields[11]) + Number(fields[12]);
  }, 0);
}
