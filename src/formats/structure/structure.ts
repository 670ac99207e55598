/** A network without its weights: the program of a file that has both, and where each tensor of a state dict goes in it. */
import type { InputSize } from "../../base/preprocessing.ts";
import type { ModelGraph } from "../../graph/index.ts";
import type { TensorData } from "../../base/tensor.ts";
import type { ByteSource } from "../bytes/source.ts";
import type { StoredTensor } from "../tensors/stored.ts";
import type { PackedStructure, Origin } from "./packed.ts";

/** Where a parameter or a buffer goes, under its key in the state dict. */
export interface Place {
  readonly key: string;
  readonly shape: readonly number[];
  /** PyTorch's name of the element type: `float32`, `int64`. */
  readonly type: string;
  /** Numbers that the structure has of its own (a constant, a buffer that is not saved): no file of weights has to hold them. */
  readonly kept?: StoredTensor;
  /** The name that the exporter made up for it, where its key was told from its shape alone. */
  readonly madeUp?: string;
  /** Its sizes are those of this network alone: another number of them would be another network. */
  readonly fixed?: boolean;
}

/** A size that the structure has, and the one that a file of weights has in its place: 1000 classes, and 10. */
export interface Solved {
  readonly key: string;
  readonly from: number;
  readonly to: number;
}

/** What a file of weights brings. */
export interface Poured {
  /** By the key of the place. */
  readonly tensors: ReadonlyMap<string, StoredTensor>;
  readonly solved: readonly Solved[];
  /** Names that the exporter made up, by the key. */
  readonly madeUp: ReadonlyMap<string, string>;
}

/** See the head of this file. */
export interface Structure {
  /** Where a person's own program gave it. */
  readonly origin?: Origin;
  /** What it was taken from: `model.pt2`, `torchvision resnet50`. */
  readonly name: string;
  /** The places for a state dict with these tensors: what an exporter renamed, only their keys and shapes can tell. */
  placesFor(weights: readonly StoredTensor[]): readonly Place[];
  /**
   * The network with the tensors in their places; `source` is the file of weights. Closing the graph's weights closes both files. Throws a
   * ConvLensError of kind `input`.
   */
  build(
    poured: Poured,
    source: ByteSource,
    options: { readonly inputSize?: InputSize | undefined },
  ): ModelGraph;
  /** The numbers that the program's own file has at a place; null where it is a structure alone. */
  own(place: Pick<Place, "key" | "madeUp">): TensorData | null;
  /** To be kept without its file; null where it is too large to be kept. */
  pack(): PackedStructure | null;
  close(): void;
}
