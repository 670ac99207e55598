import { axes } from "../../../base/axes.ts";
import { inputError } from "../../../base/errors.ts";
import { classMaps, upsample } from "../../cam/index.ts";
import { forward } from "../../forward.ts";
import { guidedBackprop } from "../guided-backprop/index.ts";
import type { AttributionMethodFunction } from "../types.ts";

/** Guided backpropagation times the upsampled Grad-CAM (Selvaraju et al. 2017), signed. */
export const guidedGradCam: AttributionMethodFunction = async (request) => {
  const { subject, scores, inputs, classIndex, camLayer } = request;
  if (!camLayer)
    throw inputError("Guided Grad-CAM needs a layer with positions, and the model has none.");
  const [value] = await forward({ ...subject, graph: scores.graph }, inputs, [camLayer.maps]);
  if (!value) throw new RangeError("the engine returned no maps");
  const { name, source = camLayer.maps, maps, slices } = camLayer;
  const asked = { ...request, layer: name, source, maps, value, slices };
  const [map] = await classMaps({ ...asked, classes: [classIndex], method: "grad-cam" });
  const { attribution, ...rest } = await guidedBackprop(request);
  const [height, width, channels] = axes(attribution.shape, 3);
  if (!map) throw new RangeError("the engine returned no heat map");
  const heat = upsample(map.raw.data, axes(map.raw.shape, 2), [height, width], map.slices);
  const data = attribution.data.map((v, i) => v * (heat[Math.floor(i / channels)] ?? 0));
  return { ...rest, attribution: { ...attribution, data } };
};
