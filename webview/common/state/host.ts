/** The extension host as seen from a panel: typed calls over the webview's messages, and what the host pushes. */
import type { Intent } from "../../../src/shared/contract/intent.ts";
import type { HostEvent, PanelContract } from "../../../src/shared/contract/panel.ts";
import { connect, type Port, type Remote } from "../../../src/rpc/index.ts";

interface VsCodeApi {
  postMessage(message: unknown): void;
  setState(state: unknown): void;
}
declare function acquireVsCodeApi(): VsCodeApi;

/** A panel's one way to the extension host. */
export interface Host {
  readonly remote: Remote<PanelContract>;
  /** Listens to what the host pushes, for as long as the panel lives. */
  onEvent(listener: (event: HostEvent) => void): void;
  /** Keeps the intent where the workbench finds it after a reload. */
  remember(intent: Intent): void;
}

/** May be called once: the workbench hands its API out only once. */
export function openHost(): Host {
  const api = acquireVsCodeApi();
  const port: Port = {
    post: (message) => api.postMessage(message),
    onMessage: (listener) => {
      const receive = (event: MessageEvent): void => listener(event.data);
      window.addEventListener("message", receive);
      return () => window.removeEventListener("message", receive);
    },
    // a panel does not outlive its host
    onClose: () => () => undefined,
  };
  return {
    remote: connect<PanelContract>(port).remote,
    onEvent: (listener) =>
      port.onMessage((message) => {
        if (isEvent(message)) listener(message.event);
      }),
    remember: (intent) => api.setState(intent),
  };
}

function isEvent(message: unknown): message is { type: "event"; event: HostEvent } {
  return (
    typeof message === "object" &&
    message !== null &&
    (message as { type?: unknown }).type === "event"
  );
}
