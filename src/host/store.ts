import type { Memento } from "vscode";
import type { Intent } from "../shared/contract/intent.ts";
import { asIntent } from "./panels/intent.ts";

const MOST_INTENTS = 30;
const MOST_RECENT = 20;
const MOST_SCRIPTS = 200;

/** What is remembered per workspace: how each model was last looked at, and recent models and pictures. */
export class WorkspaceStore {
  constructor(private readonly memento: Pick<Memento, "get" | "update">) {}

  intent(model: string): Intent | null {
    return this.intents().find((intent) => intent.model === model) ?? null;
  }

  keepIntent(intent: Intent): void {
    const others = this.intents().filter(({ model }) => model !== intent.model);
    void this.memento.update("intents", [intent, ...others].slice(0, MOST_INTENTS));
    this.noteRecent("models", intent.model);
    if (intent.image !== null) this.noteRecent("pictures", intent.image);
  }

  /** Every picture that was looked at. */
  pictures(): string[] {
    const shown = this.intents().flatMap(({ images, image, otherImage }) => [
      ...images,
      image,
      otherImage,
    ]);
    return [...this.recent("pictures"), ...shown].filter((path) => path !== null);
  }

  /** The model that a person linked a script (by its address) to. */
  scriptModel(script: string): string | null {
    const model = this.scripts()[script];
    return typeof model === "string" ? model : null;
  }
  async keepScriptModel(script: string, model: string | null): Promise<void> {
    const others = Object.entries(this.scripts()).filter(([name]) => name !== script);
    const kept = model === null ? others : [[script, model] as const, ...others];
    await this.memento.update("scripts", Object.fromEntries(kept.slice(0, MOST_SCRIPTS)));
  }

  /** Most recent first. */
  recent(kind: "models" | "pictures"): readonly string[] {
    const stored = this.memento.get<unknown>(kind);
    return Array.isArray(stored) ? stored.filter((entry) => typeof entry === "string") : [];
  }

  private noteRecent(kind: "models" | "pictures", path: string): void {
    const before = this.recent(kind);
    if (before[0] === path) return;
    const others = before.filter((entry) => entry !== path);
    void this.memento.update(kind, [path, ...others].slice(0, MOST_RECENT));
  }

  private scripts(): Readonly<Record<string, unknown>> {
    const stored = this.memento.get<unknown>("scripts");
    return typeof stored === "object" && stored !== null ? { ...stored } : {};
  }

  private intents(): Intent[] {
    const stored = this.memento.get<unknown>("intents");
    return Array.isArray(stored) ? stored.map(asIntent).filter((intent) => intent !== null) : [];
  }
}
