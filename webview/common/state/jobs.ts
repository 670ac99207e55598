/** Work of a lens that goes on while another is looked at: its tab and the footer tell of it, and it can be ended from there. */
import type { Lens } from "../../../src/shared/contract/intent.ts";
import type { Job } from "./job.ts";

const running = new Map<Lens, Job>();
const listeners = new Set<() => void>();

/** What runs now, by the lens that began it. */
export const runningJobs = (): ReadonlyMap<Lens, Job> => running;

/** Calls `changed` whenever work begins or ends, until the returned function is called. */
export function followJobs(changed: () => void): () => void {
  listeners.add(changed);
  return () => listeners.delete(changed);
}

/** Tells whether the work of a lens is going on; to be called whenever that may have changed. */
export function tellJob(lens: Lens, job: Job): void {
  if ((running.get(lens) === job) === job.busy) return;
  if (job.busy) running.set(lens, job);
  else if (running.get(lens) === job) running.delete(lens);
  for (const listener of listeners) listener();
}
