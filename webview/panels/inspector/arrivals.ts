import { messageOf } from "../../../src/base/errors.ts";
import type { PanelContract } from "../../../src/shared/contract/panel.ts";
import type { Remote } from "../../../src/rpc/index.ts";

interface Listener {
  dragging(over: boolean): void;
  arrived(paths: readonly string[]): void;
  failed(message: string): void;
}

/** Takes pictures that are dropped on the panel or pasted into it: files' bytes, or addresses of workspace files. */
export function takePictures(remote: Remote<PanelContract>, listener: Listener): void {
  const take = (data: DataTransfer): void => {
    collect(remote, data).then(
      (paths) => listener.arrived(paths),
      (error: unknown) => listener.failed(messageOf(error)),
    );
  };
  window.addEventListener("dragover", (event) => {
    event.preventDefault();
    listener.dragging(true);
  });
  window.addEventListener("dragleave", (event) => {
    if (event.relatedTarget === null) listener.dragging(false);
  });
  window.addEventListener("drop", (event) => {
    event.preventDefault();
    listener.dragging(false);
    if (event.dataTransfer) take(event.dataTransfer);
  });
  window.addEventListener("paste", (event) => {
    if (event.clipboardData && event.clipboardData.files.length > 0) take(event.clipboardData);
  });
}

async function collect(remote: Remote<PanelContract>, data: DataTransfer): Promise<string[]> {
  // the lists are emptied when the event ends: read them before the first await
  const files = [...data.files];
  const uris = (data.getData("application/vnd.code.uri-list") || data.getData("text/uri-list"))
    .split(/\r?\n/)
    .filter((line) => line !== "" && !line.startsWith("#"));
  if (uris.length > 0) {
    const paths = await remote.resolveUris({ uris }).catch((error: unknown) => {
      if (files.length === 0) throw error;
      return []; // it came with its bytes
    });
    if (paths.length > 0) return paths;
  }
  return Promise.all(
    files.map(async (file) => {
      const bytes = new Uint8Array(await file.arrayBuffer());
      return remote.keepImage({ name: file.name || "pasted.png", bytes });
    }),
  );
}
