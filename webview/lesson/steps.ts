/** What is asked in the lesson, and what shows that it is so. */
import type { Intent } from "../../src/shared/contract/intent.ts";
import type { LayerSummary, ModelSummary } from "../../src/shared/contract/model.ts";
import type { App } from "../common/state/app.ts";
import { className, compact, percent, t } from "../common/text/index.ts";
import type { Found } from "./found.ts";

/** What is true: the option that says so (null: a lens tells, once it is started), and the sentence that tells it. */
export interface Truth {
  readonly option: number | null;
  readonly says: string;
}

/** One question of the lesson; a guess comes before its lens shows what is true. */
export interface Step {
  readonly question: string;
  readonly options: readonly string[];
  /** What it cannot do without: a picture, or a picture and classes. */
  readonly needs?: "picture" | "classes";
  /** What shows it; empty: what is shown already. */
  readonly shows: (app: App) => Partial<Intent>;
  /** null until it is known. */
  readonly truth: (app: App, found: Found) => Truth | null;
}

/** The first option whose limit is above the value: the last has none. */
const within = (value: number, ...limits: readonly number[]): number => {
  const at = limits.findIndex((limit) => value < limit);
  return at < 0 ? limits.length : at;
};

const spatialOf = ({ layers }: ModelSummary): LayerSummary[] =>
  layers.filter(({ spatial, hasKernel }) => spatial && hasKernel);
const mapOf = (layer: LayerSummary | undefined): readonly [number, number, number] | null => {
  const [height = null, width = null, maps = null] = layer?.mapShape?.slice(1) ?? [];
  return height === null || width === null || maps === null ? null : [height, width, maps];
};

/** The steps in their order; a lesson leaves out those that its network cannot answer. */
export const STEPS: readonly Step[] = [
  {
    question: t("How many numbers did the training set in this network?"),
    options: [t("thousands"), t("millions"), t("hundreds of millions")],
    shows: () => ({ lens: "model" }),
    truth: ({ summary: { totals, layers } }) => ({
      option: within(totals.params, 1e6, 1e8),
      says: t(
        "{0} parameters in {1} layers: the table has each.",
        compact(totals.params),
        layers.length,
      ),
    }),
  },
  {
    question: t("How much of the picture does one filter of the first layer see?"),
    options: [t("a spot of a few pixels"), t("about a quarter"), t("all of it")],
    shows: ({ summary }) => ({ lens: "filters", layer: summary.firstKernel }),
    truth: ({ summary }) => {
      const first = summary.layers.find(({ name }) => name === summary.firstKernel);
      const [height = 0, width = 0] = first?.receptiveField?.size ?? [];
      const [, rows, columns] = summary.inputs[0]?.shape ?? [];
      if (!(height && width && rows && columns)) return null;
      const says = t(
        "{0} × {1} pixels: room for an edge or a colour, for no eye and no wheel.",
        height,
        width,
      );
      return { option: within((height * width) / (rows * columns), 0.08, 0.6), says };
    },
  },
  {
    question: t("What does a filter do at each place of the picture?"),
    options: [
      t("It takes the mean of the pixels"),
      t("It multiplies them by its weights and adds up"),
      t("It keeps the brightest of them"),
    ],
    needs: "picture",
    shows: ({ summary }) => ({ lens: "how", layer: summary.firstKernel }),
    truth: () => ({
      option: 1,
      says: t(
        "Patch times kernel, all added up, is one number of its map. Move the kernel and watch.",
      ),
    }),
  },
  {
    question: t("Deeper in the network, what becomes of the maps?"),
    options: [t("larger, and fewer"), t("smaller, and more"), t("they stay as they are")],
    needs: "picture",
    shows: ({ summary }) => ({
      lens: "activations",
      layer: spatialOf(summary).at(-1)?.name ?? null,
    }),
    truth: ({ summary }) => {
      const layers = spatialOf(summary);
      const [first, last] = [mapOf(layers[0]), mapOf(layers.at(-1))];
      if (!first || !last) return null;
      const shrinks = last[0] < first[0] || last[2] > first[2];
      const grows = last[0] > first[0] || last[2] < first[2];
      return {
        option: shrinks ? 1 : grows ? 0 : 2,
        says: t(
          "{0} maps of {1} × {2} cells first, {3} of {4} × {5} last: where something is matters less, what it is matters more.",
          ...[first[2], first[0], first[1], last[2], last[0], last[1]],
        ),
      };
    },
  },
  {
    question: t("How sure will the network be of this picture?"),
    options: [t("less than 50 %"), t("50 to 90 %"), t("more than 90 %")],
    needs: "classes",
    shows: () => ({}),
    truth: ({ prediction }) => {
      const top = prediction?.classes[0];
      if (!top) return null;
      const { probability } = top;
      const sure = probability === null ? "" : `, ${percent(probability)}`;
      return {
        option: probability === null ? null : within(probability, 0.5, 0.9),
        says: t("It says: {0}. Being sure is not being right.", `${className(top)}${sure}`),
      };
    },
  },
  {
    question: t("Where in the picture does it find what speaks for its answer?"),
    options: [t("on the left"), t("in the middle"), t("on the right")],
    needs: "classes",
    shows: () => ({ lens: "cam" }),
    truth: (_, { hottest }) =>
      hottest && {
        option: within(hottest.across, 1 / 3, 2 / 3),
        says: t(
          "The heat map is largest {0} from the left and {1} from the top.",
          percent(hottest.across),
          percent(hottest.down),
        ),
      },
  },
  {
    question: t("How many of the pixels carry half of what speaks for it?"),
    options: [t("fewer than 5 %"), t("5 to 20 %"), t("more than 20 %")],
    needs: "classes",
    shows: () => ({ lens: "attribute" }),
    truth: (_, { half }) =>
      half === null
        ? null
        : {
            option: within(half, 0.05, 0.2),
            says: t("{0} of the pixels: the map shows which.", percent(half)),
          },
  },
  {
    question: t("How many pixels must change until it says something else?"),
    options: [t("one will do"), t("a handful"), t("a handful will not do")],
    needs: "classes",
    shows: () => ({ lens: "attack" }),
    truth: () => ({
      option: null,
      says: t("Press Attack: the search tells, with one pixel or with five."),
    }),
  },
];

/** Those that this network can answer. */
export const stepsFor = ({ summary, trusted }: App): readonly Step[] => {
  const runs = trusted && summary.notRunnable === null;
  return STEPS.filter(
    ({ needs }) =>
      needs === undefined || (runs && (needs === "picture" || summary.classes !== null)),
  );
};
