"""Exported programs as small files that say nothing of the machine that made them."""

import zipfile


def without_places(program):
    """Stack traces name the folder of whoever made the file."""
    graphs = [part.graph for part in program.graph_module.modules() if hasattr(part, "graph")]
    for node in (node for graph in graphs for node in graph.nodes):
        node.meta.pop("stack_trace", None)
    return program


def pack(file):
    """Deflated, which torch does not do: names and shapes are most of a small file; no time of making in it."""
    with zipfile.ZipFile(file) as archive:
        entries = [(entry.filename, archive.read(entry)) for entry in archive.infolist()]
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for entry, data in entries:
            archive.writestr(zipfile.ZipInfo(entry), data, zipfile.ZIP_DEFLATED)
