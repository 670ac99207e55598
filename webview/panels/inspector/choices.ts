import { changedIntent } from "../../../src/shared/changed-intent.ts";
import type { Intent } from "../../../src/shared/contract/intent.ts";

/** The host, as far as it is told of choices. */
interface Listener {
  setIntent(told: Told): Promise<unknown>;
  remember(intent: Intent): void;
}

/** What was chosen since the turn before. */
interface Told {
  readonly patch: Partial<Intent>;
  readonly turn: number;
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

/** Whoever goes to a checkpoint says where it goes when it cannot. */
function withoutCheckpoint(patch: Partial<Intent>): Partial<Intent> {
  const entries = Object.entries(patch).filter(([key]) => key !== "checkpoint");
  return Object.fromEntries(entries);
}

/**
 * What a page looks at, which the host is told of a moment after a change. Page and host may change it at the same time: neither undoes
 * what the other has not heard of yet.
 */
export class Choices {
  private intent: Intent | null = null;
  /** What was chosen here since the host was told last. */
  private untold: Partial<Intent> = {};
  /** What it was told, and may not have heard yet. */
  private onTheWay: readonly Told[] = [];
  private turn = 0;
  /** The checkpoint that the host is being told of; empty: none. */
  private going: Pick<Intent, "checkpoint"> | Record<string, never> = {};
  private goingTurn = 0;
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

  /** The host says what is to be shown, with what it was told up to the turn `heard`; what was chosen since stays. */
  hear(intent: Intent, heard: number): void {
    const before = this.intent;
    this.arrived(heard);
    if (this.goingTurn <= heard) this.going = {}; // where it goes from there is what the host says
    this.intent = this.onTheWay.reduce((so, { patch }) => ({ ...so, ...patch }), intent);
    this.intent = { ...this.intent, checkpoint: intent.checkpoint, ...this.untold };
    this.host.remember(this.intent);
    const { model, checkpoint } = this.intent;
    this.changed(before !== null && (model !== before.model || checkpoint !== before.checkpoint));
  }

  /** Takes what fits of the intent to the model that is known; the host is told of it with the next change. */
  settle(fitting: (intent: Intent) => Intent): void {
    if (!this.intent) return;
    const fits = fitting(this.intent);
    this.untold = { ...this.untold, ...difference(this.intent, fits) };
    this.intent = fits;
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
    const told = { patch: { ...this.untold, ...this.going }, turn: ++this.turn };
    this.untold = {};
    this.onTheWay = [...this.onTheWay, told];
    this.host.remember(this.intent);
    try {
      await this.host.setIntent(told);
      this.arrived(told.turn);
    } catch (error) {
      this.untold = { ...withoutCheckpoint(told.patch), ...this.untold };
      throw error;
    }
  }

  /** The host has heard the turns up to this one: what it says from now on has them in it. */
  private arrived(heard: number): void {
    this.onTheWay = this.onTheWay.filter(({ turn }) => turn > heard);
  }

  /** Calls go to the checkpoint that the host knows of: it is told before anything is asked. */
  private async goTo(there: Pick<Intent, "checkpoint">): Promise<void> {
    this.going = there;
    this.goingTurn = this.turn + 1;
    const arrived = await this.tell().then(
      () => true,
      (error: unknown) => {
        this.failed(error);
        return false;
      },
    );
    if (this.going !== there) return; // a slider is further by now
    this.going = {};
    if (!this.intent) return;
    if (!arrived) {
      this.untold = { checkpoint: this.intent.checkpoint, ...this.untold };
      await this.tell().catch(() => undefined);
      return;
    }
    this.intent = { ...this.intent, ...there };
    this.host.remember(this.intent);
    this.changed(true);
  }
}
