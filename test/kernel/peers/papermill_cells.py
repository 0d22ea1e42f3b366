"""Prints where papermill puts injected parameters: the cells' sources, "INJECTED" for its own, and their tags.

Reads notebooks as a JSON list of lists of tags; the language is Python, the only matter here is the place."""

import json
import sys

import nbformat
from papermill.parameterize import parameterize_notebook

answers = []
for tags in json.load(sys.stdin):
    cells = [
        nbformat.v4.new_code_cell(source=f"n = {index}", metadata={"tags": [tag] if tag else []})
        for index, tag in enumerate(tags)
    ]
    kernelspec = {"name": "python3", "language": "python", "display_name": "Python 3"}
    metadata = {"kernelspec": kernelspec, "papermill": {}}
    notebook = nbformat.v4.new_notebook(cells=cells, metadata=metadata)
    done = parameterize_notebook(notebook, {"n": 7})
    answers.append(
        [
            ["INJECTED" if "# Parameters" in cell.source else cell.source, list(cell.metadata.get("tags", []))]
            for cell in done.cells
        ]
    )
print(json.dumps(answers))
