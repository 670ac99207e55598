import type { Port } from "../../rpc/index.ts";
import { tight } from "./compact-arrays.ts";

/** The part of a `vscode.Webview` that is needed, so that a test can be one. */
export interface Page {
  postMessage(message: unknown): Thenable<boolean>;
  onDidReceiveMessage(listener: (message: unknown) => void): { dispose(): void };
}

interface Session {
  readonly listeners: Set<(message: unknown) => void>;
  stop(): void;
}

/**
 * A webview's page is thrown away when it is hidden or moved, and comes back as a new one that counts its calls from 1
 * again. Each page is a session of its own, opened by its call `ready`; what an older page asked for is cancelled and
 * never reaches the new one.
 */
export class PageSessions {
  private session: Session | null = null;
  private readonly listening: { dispose(): void };

  constructor(
    private readonly page: Page,
    /** Serves a session's port; returns the function that stops and cancels. */
    private readonly serveOn: (port: Port) => () => void,
  ) {
    this.listening = page.onDidReceiveMessage((message) => {
      if (isReady(message)) this.open();
      for (const listener of [...(this.session?.listeners ?? [])]) listener(message);
    });
  }

  /** Whether a page is there to see an event. */
  get isOpen(): boolean {
    return this.session !== null;
  }

  /** Sends an event to the page, if one is there to see it. */
  post(message: unknown): void {
    if (this.session) this.send(message);
  }

  /** The page is hidden or gone. */
  close(): void {
    const { session } = this;
    this.session = null;
    session?.stop();
  }

  dispose(): void {
    this.close();
    this.listening.dispose();
  }

  private open(): void {
    this.close();
    const listeners = new Set<(message: unknown) => void>();
    const session: Session = { listeners, stop: () => undefined };
    this.session = session;
    session.stop = this.serveOn({
      post: (message) => {
        if (this.session === session) this.send(message);
      },
      onMessage: (listener) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      onClose: () => () => undefined, // `stop` is the close
    });
  }

  private send(message: unknown): void {
    void this.page.postMessage(tight(message));
  }
}

function isReady(message: unknown): boolean {
  const { type, method } = (message ?? {}) as { type?: unknown; method?: unknown };
  return type === "request" && method === "ready";
}
