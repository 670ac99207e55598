import type { ReactiveControllerHost } from "lit";
import { RemoteError } from "../../../src/rpc/index.ts";
import { t } from "../text/l10n.ts";
import { Resource } from "./resource.ts";

/** Each browser has words of its own for a module that did not come; one that came and fails is a fault of ours. */
const wasNotFetched = (error: unknown): boolean =>
  error instanceof TypeError && /import/i.test(error.message);

/**
 * A part of the page's own code, fetched when it is wanted. A browser keeps that a part could not be loaded, and asks for it only in another
 * page: to try again is to begin one.
 */
export class CodePart extends Resource<true> {
  constructor(
    host: ReactiveControllerHost,
    /** Begins another page; whether it does: `byItself` not again and again. */
    private readonly reload: (byItself: boolean) => Promise<boolean>,
  ) {
    super(host);
  }

  /** Imports what is called `name`, once. */
  want(name: string, load: () => Promise<unknown>): void {
    this.load({ name }, 0, async () => {
      try {
        await load();
        return true;
      } catch (error) {
        // a workbench that is busy may have let the request run out: the page that follows takes over what is shown
        if (wasNotFetched(error) && (await this.reload(true).catch(() => false)))
          await new Promise<never>(() => undefined);
        throw new RemoteError(
          "internal",
          t("A part of this panel could not be loaded. 'Retry' loads the panel again."),
        );
      }
    });
  }

  override retry(): void {
    if (this.error) void this.reload(false);
  }
}
