import type { ReactiveControllerHost } from "lit";
import type { Remote } from "../../../src/rpc/index.ts";
import type { Census } from "../../../src/shared/contract/experiments.ts";
import type { PanelContract } from "../../../src/shared/contract/panel.ts";
import { type Counted, Job } from "../../common/state/index.ts";

/** Dead filters over a folder, for one version of one model. */
export class Counting {
  census: Counted | null = null;
  readonly job: Job;
  private of = "";
  private folder: string | null = null;

  constructor(host: ReactiveControllerHost) {
    this.job = new Job(host);
  }

  /** Forgets what was counted of another model, or of another version of it. */
  follow(model: string, epoch: number): void {
    const of = `${model}\n${String(epoch)}`;
    if (of === this.of) return;
    this.of = of;
    this.census = null;
    this.job.clear();
  }

  /** Asks for a folder, or goes on in the one before, and counts; `done` gets the whole. */
  async start(
    remote: Remote<PanelContract>,
    which: "new" | "on",
    done: (census: Census) => void,
  ): Promise<void> {
    if (which === "on" && this.folder !== null) {
      this.count(remote, this.folder, done);
      return;
    }
    const folder = await remote.pickFolder({ ofClasses: false });
    if (folder !== null) this.over(remote, folder, done);
  }

  /** Counts over a folder from its beginning. */
  over(remote: Remote<PanelContract>, folder: string, done: (census: Census) => void): void {
    this.census = null;
    this.count(remote, folder, done);
  }

  private count(
    remote: Remote<PanelContract>,
    folder: string,
    done: (census: Census) => void,
  ): void {
    this.folder = folder;
    this.job.start(
      async (options) => {
        const census = await remote.census({ paths: [folder] }, options);
        this.census = census;
        done(census);
      },
      (partial) => {
        if (isCounted(partial)) this.census = partial;
      },
    );
  }
}

function isCounted(partial: unknown): partial is Counted {
  return typeof partial === "object" && partial !== null && "layers" in partial;
}
