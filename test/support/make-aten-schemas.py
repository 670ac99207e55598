"""Writes src/formats/torchscript/schemas.ts: the arguments of PyTorch's aten operators, as PyTorch itself declares them.

Usage: make-aten-schemas.py NAMES OUT, NAMES being a file with the operators that are lowered, one a line.
"""

import re
import sys

import torch

names = open(sys.argv[1]).read().split()
found = {}
for schema in torch._C._jit_get_all_schemas():
    space, _, name = schema.name.partition("::")
    base = name[:-1] if name.endswith("_") and not name.endswith("__") else name
    if space != "aten" or base not in names or re.search(r"(^|_)out$", schema.overload_name):
        continue
    text = re.match(r"[^(]*\((.*)\) -> ", str(schema)).group(1)
    text = re.sub(r"\((?:[a-z]!?|[a-z] -> \*|[a-z]\|[a-z])\)", "", text).replace("SymInt", "int")
    if re.search(r"\b(Dimname|out|names|complex)\b|str dim|\bstr (self|a)\b|\bt\[\]|str\[\] dim|Tensor max,|Tensor min,|\.\.\.", text):
        continue
    makes = base in ("arange", "full", "zeros", "ones", "scalar_tensor")
    if "Tensor" not in text and not makes or text == "Tensor self, int[] split_size, int dim=0":
        continue
    text = re.sub(r"\[\d+\]", "[]", text)
    text = re.sub(r"=(\[[^\]]*\]|[^,]*)", "=", text)
    overloads = found.setdefault(base, [])
    if text not in overloads:
        overloads.append(text)
with open(sys.argv[2], "w") as out:
    out.write("/** Arguments of PyTorch's aten operators, in their order: what test/support/make-aten-schemas.py writes from PyTorch's own table. */\n")
    out.write("export const SCHEMAS: Readonly<Record<string, readonly string[]>> = {\n")
    for name in sorted(found):
        listed = ", ".join('"%s"' % text for text in found[name])
        out.write(f"  {name}: [{listed}],\n")
    out.write("};\n")
