import type { ReactiveControllerHost } from "lit";

/** What a control shows, and where it goes when a person chooses otherwise. */
export interface Choice<T> {
  readonly value: T;
  readonly set: (value: T) => void;
}

/** A choice that its element alone knows of, and forgets with it. */
export class Own<T> implements Choice<T> {
  constructor(
    private readonly host: Pick<ReactiveControllerHost, "requestUpdate">,
    private present: T,
  ) {}

  get value(): T {
    return this.present;
  }

  readonly set = (value: T): void => {
    if (value === this.present) return;
    this.present = value;
    this.host.requestUpdate();
  };
}
