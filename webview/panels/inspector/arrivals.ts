import { messageOf } from "../../../src/base/errors.ts";
import type { PanelContract } from "../../../src/shared/contract/panel.ts";
import type { Remote } from "../../../src/rpc/index.ts";

type Given = Parameters<PanelContract["giveLabels"]>[0]["given"];

interface Listener {
  dragging(over: boolean): void;
  arrived(paths: readonly string[]): void;
  /** A labels file. */
  labelled(given: Given): void;
  failed(message: string): void;
}

/** What a file of names of classes is called. */
const LABELS = /\.(txt|names|labels|json)$/i;

/** Takes pictures, and names of classes, that are dropped on the panel or pasted into it: files' bytes, or addresses of workspace files. */
export function takePictures(remote: Remote<PanelContract>, listener: Listener): void {
  const take = (data: DataTransfer): void => {
    // the lists are emptied when the event ends: read them before the first await
    const arrivals = { files: [...data.files], uris: urisIn(data) };
    const labels = labelsIn(arrivals);
    const taking = labels
      ? labels.then((given) => listener.labelled(given))
      : collect(remote, arrivals).then((paths) => listener.arrived(paths));
    taking.catch((error: unknown) => listener.failed(messageOf(error)));
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

interface Arrivals {
  readonly files: readonly File[];
  readonly uris: readonly string[];
}

const urisIn = (data: DataTransfer): string[] =>
  (data.getData("application/vnd.code.uri-list") || data.getData("text/uri-list"))
    .split(/\r?\n/)
    .filter((line) => line !== "" && !line.startsWith("#"));

/** The names of classes, where one file arrived that may hold them. */
function labelsIn({ files, uris }: Arrivals): Promise<Given> | null {
  const [file, uri] = [files[0], uris[0]];
  if (files.length === 1 && file && LABELS.test(file.name))
    return file.text().then((text) => ({ text, name: file.name }));
  return uris.length === 1 && uri !== undefined && LABELS.test(uri)
    ? Promise.resolve({ uri })
    : null;
}

async function collect(
  remote: Remote<PanelContract>,
  { files, uris }: Arrivals,
): Promise<string[]> {
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
