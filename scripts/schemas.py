"""Write docs/schemas from the types: the JSON Schemas of config.yaml and of the JSON files of a bundle.

python -m scripts.schemas            write them
python -m scripts.schemas --check    end with 1 when one is not what the code says
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from reportgen.config import json_schema
from reportgen.render.schemas import schemas
from scripts.pages import written

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "schemas"


def texts() -> dict[Path, str]:
    """File → what belongs into it."""
    found = {"config": json_schema(), **schemas()}
    return {FOLDER / f"{name}.json": json.dumps(schema, indent=2, ensure_ascii=False) + "\n" for name, schema in found.items()}


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    sys.exit(max(written(path, text) for path, text in texts().items()))
