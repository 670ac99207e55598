import { changedIntent } from "../../../src/shared/changed-intent.ts";
import type { Intent } from "../../../src/shared/contract/intent.ts";

/** The host, as far as it is told of choices. */
interface Listener {
  readonly remote: { setIntent(intent: Intent): Promise<unknown> };
  remember(intent: Intent): void;
}

/** How long the host is not told of a change, ms: a slider makes many. */
const PAUSE = 150;

/** What in `after` is not as in `before`. */
function difference(before: Intent, after: Intent): Partial<Intent> {
  const keys = Object.keys(after) as (keyof Intent)[];
  return Object.fromEntries(
    keys.filter((key) => before[key] !== after[key]).map((key) => [key, after[key]]),
  );
}

/**
 * What a page looks at, which the host is told of a moment after a change. Page and host may change it at the same time: neither undoes
 * what the other has not heard of yet.
 */
export class Choices {
  private intent: Intent | null = null;
  /** What was chosen here since the host was told last. */
  private untold: Partial<Intent> = {};
  /** The checkpoint that the host is being told of; empty: none. */
  private going: Pick<Intent, "checkpoint"> | Record<string, never> = {};
  private timer: ReturnType<typeof setTimeout> | undefined;

  /**
   * @param changed called after each change; `isOtherState`: of another file, so that all is to be asked anew
   * @param failed the host could not go to a checkpoint
   */
  constructor(
    private readonly host: Listener,
    private readonly changed: (isOtherState: boolean) => void,
    private readonly failed: (error: unknown) => void,
  ) {}

  /** Null before the host has said what is to be shown. */
  get current(): Intent | null {
    return this.intent;
  }

  /** The host says what is to be shown; what was chosen meanwhile here stays. */
  hear(intent: Intent): void {
    const before = this.intent;
    this.intent = { ...intent, ...this.untold };
    this.host.remember(this.intent);
    const { model, checkpoint } = this.intent;
    this.changed(before !== null && (model !== before.model || checkpoint !== before.checkpoint));
  }

  /** Takes what fits of the intent, now that the model is known. */
  settle(fitting: (intent: Intent) => Intent): void {
    if (this.intent) this.intent = fitting(this.intent);
  }

  change(patch: Partial<Intent>): void {
    const before = this.intent;
    if (!before) return;
    // a slider that comes back to where it was leaves where it is going
    const ahead = { ...before, ...this.going };
    const { checkpoint, ...changes } = difference(ahead, changedIntent(ahead, patch));
    this.intent = { ...before, ...changes };
    this.untold = { ...this.untold, ...changes };
    if (checkpoint !== undefined) {
      void this.goTo({ checkpoint });
      return;
    }
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.tell().catch(() => undefined);
    }, PAUSE);
    this.changed(false);
  }

  /** Tells the host at once. */
  async tell(): Promise<void> {
    clearTimeout(this.timer);
    if (!this.intent) return;
    this.untold = {};
    this.host.remember(this.intent);
    await this.host.remote.setIntent({ ...this.intent, ...this.going });
  }

  /** Calls go to the checkpoint that the host knows of: it is told before anything is asked. */
  private async goTo(there: Pick<Intent, "checkpoint">): Promise<void> {
    this.going = there;
    const arrived = await this.tell().then(
      () => true,
      (error: unknown) => {
        this.failed(error);
        return false;
      },
    );
    if (this.going !== there) return; // a slider is further by now
    this.going = {};
    if (!arrived || !this.intent) return;
    this.intent = { ...this.intent, ...there };
    this.host.remember(this.intent);
    this.changed(true);
  }
}
