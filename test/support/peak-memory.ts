import fs from "node:fs";

/**
 * The most memory that was resident since `forgetPeak`, in bytes; where the system does not forget, since the start. What `getrusage` tells
 * begins with what the program held that this one was started from, so it is asked only where nothing else tells.
 */
export function peakMemory(): number {
  try {
    const [, most] = /^VmHWM:\s+(\d+) kB/m.exec(fs.readFileSync("/proc/self/status", "utf8")) ?? [];
    if (most !== undefined) return Number(most) * 1024;
  } catch {
    // not Linux
  }
  return process.resourceUsage().maxRSS * 1024;
}

/** Begins anew, where the system can. */
export function forgetPeak(): void {
  try {
    fs.writeFileSync("/proc/self/clear_refs", "5");
  } catch {
    // not Linux, or not allowed
  }
}
