"""Runs a notebook as Python's nbclient does and prints its outputs as JSON. Usage: nbclient_run.py notebook.ipynb"""

import json
import sys

import nbformat
from nbclient import NotebookClient

path = sys.argv[1]
notebook = nbformat.read(path, as_version=4)
client = NotebookClient(notebook, kernel_name="lowbit", timeout=120, resources={"metadata": {"path": sys.argv[2]}})
client.execute()
nbformat.validate(notebook)
json.dump(
    {
        "outputs": [cell.get("outputs", []) for cell in notebook.cells if cell.cell_type == "code"],
        "widgets": len(
            notebook.metadata.get("widgets", {}).get("application/vnd.jupyter.widget-state+json", {}).get("state", {})
        ),
    },
    sys.stdout,
)
