"""Writes test/models/odd/metadata.tflite: a network with TFLite Metadata, as Google's own library packs it.

    python -m venv k2 && k2/bin/pip install tensorflow-cpu==2.15.1 tflite-support==0.4.4 && k2/bin/python test/support/make_tflite_metadata.py
"""

import io
import os
import zipfile

import flatbuffers
import numpy as np
from tensorflow.lite.python import schema_py_generated as schema
from tensorflow_lite_support.metadata import metadata_schema_py_generated as meta

MODELS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "models")


def description():
    unit = meta.ProcessUnitT()
    unit.optionsType, unit.options = meta.ProcessUnitOptions.NormalizationOptions, meta.NormalizationOptionsT()
    unit.options.mean, unit.options.std = [127.0], [128.0]
    picture, scores, file, graph, model = meta.TensorMetadataT(), meta.TensorMetadataT(), meta.AssociatedFileT(), meta.SubGraphMetadataT(), meta.ModelMetadataT()
    picture.name, picture.processUnits = "picture", [unit]
    file.name, file.type = "labels.txt", meta.AssociatedFileType.TENSOR_AXIS_LABELS
    scores.name, scores.associatedFiles = "scores", [file]
    graph.inputTensorMetadata, graph.outputTensorMetadata = [picture], [scores]
    model.name, model.subgraphMetadata = "A network with labels", [graph]
    builder = flatbuffers.Builder(0)
    builder.Finish(model.Pack(builder), b"M001")
    return bytes(builder.Output())


def main():
    data = open(os.path.join(MODELS, "tflite", "folded.tflite"), "rb").read()
    model = schema.ModelT.InitFromObj(schema.Model.GetRootAs(data, 0))
    buffer, entry = schema.BufferT(), schema.MetadataT()
    buffer.data = np.frombuffer(description(), np.uint8)
    model.buffers.append(buffer)
    entry.name, entry.buffer = b"TFLITE_METADATA", len(model.buffers) - 1
    model.metadata = (model.metadata or []) + [entry]
    builder = flatbuffers.Builder(1024)
    builder.Finish(model.Pack(builder), b"TFL3")
    file = io.BytesIO(bytes(builder.Output()))
    with zipfile.ZipFile(file, "a") as archive:  # behind the FlatBuffer, as the library does it
        archive.writestr(zipfile.ZipInfo("labels.txt"), "cat\ndog\nhorse\nsheep\ncow\n")
    with open(os.path.join(MODELS, "odd", "metadata.tflite"), "wb") as out:
        out.write(file.getvalue())


main()
