import type { CSSResultGroup } from "lit";
import { property } from "lit/decorators.js";
import type { CallOptions } from "../../../src/rpc/index.ts";
import type { Resource } from "../../common/state/index.ts";
import { sideStyles } from "../../components/sides/sides.ts";
import { LensElement } from "../lens.ts";
import type { Against } from "./against.ts";
import { viewStyles } from "./compare.styles.ts";

/** A view of a comparison: a lens of two sources and their difference. */
export abstract class ComparedView extends LensElement {
  static override styles: CSSResultGroup = [LensElement.styles, sideStyles, viewStyles];

  @property({ attribute: false }) against!: Against;

  /** The two pictures; null while one is missing. */
  protected get pictures(): { readonly image: string; readonly otherImage: string } | null {
    const { image, otherImage } = this.against;
    return image === null || otherImage === null ? null : { image, otherImage };
  }

  /** Asks for `params` of the two sides that are compared now, which the host knows. */
  protected load<T, P>(
    resource: Resource<T>,
    params: P | null,
    run: (params: P, options: CallOptions) => Promise<T>,
  ): void {
    const { key } = this.against;
    resource.load(params && { params, key }, this.app.epoch, (asked, options) =>
      run(asked.params, options),
    );
  }
}
