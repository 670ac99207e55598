import { CAM_METHODS } from "../../../src/shared/catalogue.ts";
import type { Cam } from "../../../src/shared/contract/lenses.ts";
import { className, t, titleOf } from "../../common/text/index.ts";

/** Which heat maps these are: the method, where it looked, and what was subtracted. */
export function camTitle({ method, layers, minus }: Cam): string {
  const name = titleOf(CAM_METHODS[method]);
  const where = layers.join(" + ");
  return minus
    ? t("{0} at {1}, minus {2}", name, where, className(minus))
    : t("{0} at {1}", name, where);
}
