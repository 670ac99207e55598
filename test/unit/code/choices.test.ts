import assert from "node:assert/strict";
import { exportChoices } from "../../../src/code/choices.ts";

const MODEL = `
import torch.nn as nn
class Block(nn.Module):
    def __init__(self, a, b):
        super().__init__()
        self.conv = nn.Conv2d(a, b, 3)
class Net(nn.Module):
    def __init__(self, classes, width=8, name="net", *, bias: bool = True):
        super().__init__()
        self.block = Block(3, width)
        self.fc = nn.Linear(width, classes)
def build(classes=4):
    return Net(classes)
def helper():
    return 3
`;
const TRAIN = `
from model import Net
from torchvision import models, transforms
CLASSES = 7
crop = transforms.Compose([transforms.Resize(72), transforms.CenterCrop(64)])
net = Net(CLASSES, width=16, name=sys.argv[1])
tuned = models.resnet18(weights=None)
tuned.fc = nn.Linear(512, CLASSES)
`;
const scripts = [
  { file: "/project/model.py", code: MODEL },
  { file: "/project/train.py", code: TRAIN },
];
const layers = ["model.block.conv", "model.fc"];

/** Of the kinds in public repositories. */
const REGISTRY = `
import torch.nn as nn
class Net(nn.Module):
    def __init__(self, args):
        super().__init__()
        self.conv1 = nn.Conv2d(3, args.width, 3)
def create_model(name, pretrained=False, *layers: int, **kwargs: object):
    return MODELS[name](**kwargs)
model = create_model("tiny", num_classes=3, width=sys.argv[1])
`;

describe("what may have made a checkpoint", () => {
  it("takes settings in one, and others by name, as a call gives them", async () => {
    const script = { file: "/project/net.py", code: REGISTRY };
    const { choices } = await exportChoices([script], {
      layers: ["conv1"],
      settings: ["width=24", "lr=0.1"],
    });
    const told = choices.map(({ entry, given, settings }) => [entry.name, given, settings]);
    assert.deepEqual(told, [
      ["Net", [], ["width=24"]],
      ["create_model", ['name="tiny"', "num_classes=3"], []],
    ]);
  });

  it("is a class, a factory or a variable; what has most layers of the file comes first", async () => {
    const { choices } = await exportChoices(scripts, { layers, settings: [] });
    const told = choices.map(
      ({ script, entry, found, layers: all }) =>
        `${script.split("/").at(-1)}:${entry.name} ${entry.kind} ${found}/${all}`,
    );
    assert.deepEqual(told, [
      "model.py:Net class 2/2",
      "train.py:tuned variable 0/0",
      "model.py:Block class 0/0",
      "model.py:build function 0/0",
    ]);
  });

  it("gets the arguments of a call, as far as they are known, and those of the checkpoint before", async () => {
    const given = async (settings: string[]): Promise<readonly string[]> => {
      const { choices } = await exportChoices(scripts, { layers, settings });
      return choices[0]?.given ?? [];
    };
    assert.deepEqual(await given([]), ["classes=7", "width=16"]);
    assert.deepEqual(await given(["classes=5", "lr=0.1"]), ["classes=5", "width=16"]);
    const alone = await exportChoices(
      [{ file: "/project/model.py", code: MODEL.replace("return Net(classes)", "return None") }],
      { layers, settings: [] },
    );
    assert.deepEqual(alone.choices[0]?.given, ["classes="]);
  });

  it("is fed what the script cuts pictures to", async () => {
    const { size } = await exportChoices(scripts, { layers, settings: [] });
    assert.deepEqual(size, [64, 64]);
  });

  it("a script that is no Python, or huge, offers nothing", async () => {
    const odd = { file: "/project/odd.py", code: "class (((" };
    const { choices } = await exportChoices([odd], { layers, settings: [] });
    assert.deepEqual(choices, []);
  });
});
