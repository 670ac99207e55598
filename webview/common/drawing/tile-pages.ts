import type { ReactiveControllerHost } from "lit";
import type { Tiles } from "../../../src/shared/contract/lenses.ts";
import { RemoteError, type CallOptions, type Progress } from "../../../src/rpc/index.ts";
import { lostInRestart, Watched } from "../state/activity.ts";
import { t } from "../text/l10n.ts";

/** Where a tile's pixels are. */
export interface TilePlace {
  readonly tiles: Tiles;
  /** Number of the tile within `tiles`. */
  readonly slot: number;
}

/** Pictures that were made, as tiles; [count, height, width, 3] pixels. */
export const tilesOf = (
  {
    width,
    height,
    rgb,
  }: { readonly width: number; readonly height: number; readonly rgb: Uint8Array },
  of: Pick<Tiles, "first" | "count" | "total">,
): Tiles => ({
  ...of,
  ...{ width, height, channels: 3, pixels: rgb },
  ranges: new Float32Array(2 * of.count),
});

/** What a grid of tiles is drawn from. */
export interface TileSource {
  /** Tiles in all; 0 until something arrived. */
  readonly total: number;
  /** The tile if it is here. */
  tile(index: number): TilePlace | null;
  /** Says what is looked at: missing pages are fetched, others no longer waited for. */
  need(indices: Iterable<number>): void;
}

interface Generation<G> {
  readonly pages: Map<number, G>;
  meta: G | null;
}
/** Which tiles to fetch. */
export interface PageRequest {
  readonly first: number;
  readonly count: number;
}
type Fetch<G> = (page: PageRequest, options: CallOptions) => Promise<G>;

const KEPT_PAGES = 48;

/** A grid fetched page by page, only where it is looked at. The earlier grid stays until the next one's first page is there. */
export class Pages<G extends { readonly tiles: Tiles }> extends Watched implements TileSource {
  /** Grows whenever there is something else to draw. */
  revision = 0;
  private key: string | null = null;
  private size = 64;
  private fetch: Fetch<G> | null = null;
  private shown: Generation<G> = { pages: new Map(), meta: null };
  private next: Generation<G> = this.shown;
  private readonly waiting = new Map<number, AbortController>();
  private stopFollowing: (() => void) | null = null;

  constructor(
    host: ReactiveControllerHost,
    private readonly arrived: (grid: G) => void = () => undefined,
  ) {
    super(host);
  }

  /** The latest page of the grid that is shown: its facts hold for the whole grid. */
  get meta(): G | null {
    return this.shown.meta;
  }
  get total(): number {
    return this.shown.meta?.tiles.total ?? 0;
  }
  /** What is shown belongs to an earlier choice. */
  get stale(): boolean {
    return this.shown !== this.next;
  }

  hostConnected(): void {
    this.stopFollowing = this.activity.followRestarts(() => this.retry());
  }
  hostDisconnected(): void {
    this.stopFollowing?.();
    this.abortAll();
    this.activity.stop();
    this.key = null;
  }

  /**
   * Opens another grid unless the one of equal parameters and the same version of the model is open; null parameters
   * empty it.
   */
  open<P extends object>(
    params: P | null,
    version: number,
    pageSize: number,
    fetch: (params: P & PageRequest, options: CallOptions) => Promise<G>,
  ): void {
    const key = params === null ? null : JSON.stringify([version, params]);
    if (key === this.key) return;
    this.key = key;
    this.size = pageSize;
    this.fetch = params === null ? null : (page, options) => fetch({ ...params, ...page }, options);
    this.abortAll();
    this.activity.stop();
    this.activity.error = null;
    this.next = { pages: new Map(), meta: null };
    this.revision++;
    if (key === null) this.shown = this.next;
    else void this.load(0);
  }

  tile(index: number): TilePlace | null {
    for (const { tiles } of this.shown.pages.values()) {
      const slot = index - tiles.first;
      if (slot >= 0 && slot < tiles.count) return { tiles, slot };
    }
    return null;
  }

  need(indices: Iterable<number>): void {
    if (this.stale || this.key === null || this.activity.error) return;
    const wanted = new Set<number>();
    for (const index of indices) wanted.add(Math.floor(index / this.size));
    for (const [page, controller] of this.waiting)
      if (!wanted.has(page)) {
        controller.abort();
        this.waiting.delete(page);
      }
    for (const page of wanted)
      if (!this.next.pages.has(page) && !this.waiting.has(page)) void this.load(page);
    if (this.waiting.size === 0 && this.busy) this.activity.end();
    this.forget(wanted);
  }

  retry(): void {
    this.activity.error = null;
    this.revision++;
    if (this.stale) void this.load(0);
    this.host.requestUpdate();
  }

  cancel(): void {
    this.abortAll();
    this.activity.stop();
    this.activity.end(new RemoteError("cancelled", t("Cancelled.")));
  }

  private async load(page: number, again = true): Promise<void> {
    const controller = new AbortController();
    const { signal } = controller;
    const generation = this.next;
    if (this.waiting.size === 0) this.activity.begin();
    this.waiting.set(page, controller);
    try {
      const onProgress = (progress: Progress): void => {
        if (!signal.aborted) this.activity.report(progress);
      };
      const grid = await this.fetch?.(
        { first: page * this.size, count: this.size },
        { signal, onProgress },
      );
      if (signal.aborted || !grid) return;
      this.waiting.delete(page);
      generation.pages.set(page, grid);
      generation.meta = grid;
      this.shown = generation;
      this.revision++;
      if (this.waiting.size === 0) this.activity.end();
      this.host.requestUpdate();
      this.arrived(grid);
    } catch (error) {
      if (signal.aborted) return;
      this.waiting.delete(page);
      if (again && lostInRestart(error)) return this.load(page, false);
      this.activity.end(error);
    }
  }

  private forget(wanted: ReadonlySet<number>): void {
    const { pages } = this.next;
    for (const page of pages.keys()) {
      if (pages.size <= KEPT_PAGES) return;
      if (!wanted.has(page)) pages.delete(page);
    }
  }

  private abortAll(): void {
    for (const controller of this.waiting.values()) controller.abort();
    this.waiting.clear();
  }
}

/** Tiles per request, so that a page stays near 256 KiB. */
export function pageSizeFor(bytesPerTile: number): number {
  return Math.min(256, Math.max(16, Math.floor(2 ** 18 / Math.max(1, bytesPerTile))));
}
