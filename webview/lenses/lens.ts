import { LitElement, type CSSResultGroup } from "lit";
import { property } from "lit/decorators.js";
import type { Provenance } from "../../src/shared/contract/lenses.ts";
import type { Intent } from "../../src/shared/contract/intent.ts";
import { type App, type Choice, isPart, Resource, send } from "../common/state/index.ts";
import { base, controls, lensLayout } from "../common/styles/index.ts";

/** What every lens, and every view in one, has: the panel's state, choices of it, and what it fetches. */
export abstract class LensElement extends LitElement {
  static override styles: CSSResultGroup = [base, controls, lensLayout];

  @property({ attribute: false }) app!: App;

  /** Whether the network may and can be run. */
  protected get canRun(): boolean {
    return this.app.trusted && this.app.summary.notRunnable === null;
  }

  /** Changes what is looked at. */
  protected readonly go = (patch: Partial<Intent>): void => send(this, "convlens-intent", patch);

  /** A part of the intent as a choice. */
  protected choice<K extends keyof Intent>(key: K): Choice<Intent[K]> {
    return { value: this.app.intent[key], set: (value) => this.go({ [key]: value }) };
  }

  /** A result, of whose arrival the footer is told; `part`: what comes before its end is shown, and has this key. */
  protected fetched<T extends Provenance>(part?: keyof T & string): Resource<T> {
    const resource: Resource<T> = new Resource<T>(this, this.arrived, ({ partial }) => {
      if (part !== undefined && isPart<T>(partial, part)) resource.show(partial);
    });
    return resource;
  }

  /** Tells the footer what computed a result. */
  protected readonly arrived = (result: Provenance): void =>
    send(this, "convlens-provenance", result);

  /** Marks that data was drawn: tests and benchmarks wait for it. */
  protected readonly drawn = (): void => {
    this.dataset["painted"] = String(Date.now());
    performance.mark(`convlens-painted-${this.localName}`);
  };
}
