"""Where the material of the tests lies, and how what comes out is compared with it."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel

ROOT = Path(__file__).resolve().parents[1]
CORPUS = ROOT / "corpus"
VALUES = CORPUS / "values"
RULES = CORPUS / "rules"
GOLDEN = CORPUS / "documents" / "golden"

# Beside the repository, not in it.
SEEDS = ROOT.parent / "shared" / "seeds"
CONTRACT_EXAMPLES = ROOT.parent / "shared" / "contract-examples.jsonl"
PEER_CASES = ROOT.parent / "shared" / "peer-cases"
REAL_TABLES = ROOT.parent / "shared" / "real-tables-dev"


def read_yaml(path: Path) -> Any:
    """The content of a YAML file of the corpus."""
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def plain(model: BaseModel) -> Any:
    """A model as a program reads it from JSON."""
    return json.loads(model.model_dump_json())


def without(data: Any, *keys: str) -> Any:
    """`data` with the fields of these names taken out, at any depth."""
    if isinstance(data, dict):
        return {key: without(value, *keys) for key, value in data.items() if key not in keys}
    return [without(item, *keys) for item in data] if isinstance(data, list) else data


def differences(want: Any, got: Any, path: str = "") -> Iterator[str]:
    """Where `got` differs from `want`, looking only at the fields that `want` names.

    Numbers compare as numbers. `notes` must all be among the notes; an empty list asks for none.
    """
    match want, got:
        case dict(), dict():
            for key, value in want.items():
                if key not in got:
                    yield f"{path}{key}: missing in {got.get('kind', 'the result')}"
                elif key == "notes" and value:
                    yield from (f"{path}notes: no {note}, only {got[key]}" for note in value if note not in got[key])
                else:
                    yield from differences(value, got[key], f"{path}{key}.")
        case list(), list():
            if len(want) != len(got):
                yield f"{path} {len(got)} items instead of {len(want)}: {got}"
            else:
                for n, (wanted, given) in enumerate(zip(want, got, strict=True)):
                    yield from differences(wanted, given, f"{path}{n}.")
        case _:
            if _comparable(want, path) != _comparable(got, path):
                yield f"{path} {got!r} instead of {want!r}"


def _comparable(scalar: Any, path: str) -> Any:
    if isinstance(scalar, datetime.date):
        return scalar.isoformat()
    if path.endswith("magnitude.") and isinstance(scalar, str | int | float):
        return Decimal(str(scalar))
    return scalar
