import type { App } from "../common/state/index.ts";
import type { Numbers } from "../components/export/keepable.ts";

/** All numbers of a layer for the menu that keeps them: its kernel where `image` is null, else its maps on the picture. */
export const layerNumbers =
  (
    { remote }: App,
    of: { readonly layer: string; readonly image: string | null; readonly preActivation: boolean },
  ) =>
  async (): Promise<Numbers> => {
    const { shape, values } = await remote.layerNumbers(of);
    return { shape, data: values };
  };
