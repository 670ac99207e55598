import type { EngineInfo, EngineReport } from "../../shared/engines.ts";
import type { ComputeClient } from "../compute/client.ts";
import { Listeners } from "../listeners.ts";

const QUIET_MS = 400;

/** Which engine runs, as far as it is known: asking loads it, so it is asked when nothing else is waiting. */
export class EngineMonitor {
  private readonly changed = new Listeners<void>();
  private timer: NodeJS.Timeout | undefined;
  private asked = false;

  readonly onChanged = this.changed.on;
  engine: EngineInfo | null = null;
  report: EngineReport | null = null;
  /** Why nothing runs, after too many crashes. */
  failure: string | null = null;

  get listeners(): number {
    return this.changed.count;
  }

  constructor(private readonly compute: ComputeClient) {
    compute.supervisor.onStarted(() => {
      this.asked = false;
      this.failure = null;
    });
    compute.supervisor.onGaveUp((reason) => {
      this.failure = reason;
      this.changed.fire();
    });
  }

  /** Loads the engine once the process has nothing to do, so that the first picture does not wait for it. */
  warm(): void {
    if (this.asked) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      if (this.compute.supervisor.pending > 0) this.warm();
      else this.refresh().catch(() => undefined); // the next call that needs an engine says it
    }, QUIET_MS);
  }

  /** Asks which engine runs and what keeps the other from it. */
  async refresh(): Promise<EngineReport> {
    this.asked = true;
    const engine = await this.compute.remote.engine({});
    const report = await this.compute.remote.doctor({});
    this.engine = engine;
    this.report = report;
    this.changed.fire();
    return report;
  }

  /** Another engine may be meant from now on. */
  settingsChanged(): void {
    this.asked = false;
    if (this.compute.supervisor.alive) this.warm();
  }

  dispose(): void {
    clearTimeout(this.timer);
  }
}
