"""What earlier runs wrote, read back: JSON Lines of ``kpi extract`` or ``kpi score``, the Parquet tables of a batch."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args

from pydantic import ValidationError

from kpi.places import Local
from kpi.schema import Cells, Extraction, Funding, Indicator, Location, Money, Organisation, Project, Tier1, Tier2
from kpi.scorecard import shards
from kpi.scorecard.summary import NO_ORGANISATION
from kpi.trend import Filed
from kpi.values import parse_value

RECORD = "documents.jsonl"


class ResultsError(ValueError):
    """What is given holds no results, or not such as this version writes; the message says why, in Chinese."""


def is_record(path: Path) -> bool:
    """Whether a file is JSON Lines."""
    return path.suffix.lower() in (".jsonl", ".ndjson")


def record(path: Path) -> Iterator[tuple[str, Extraction]]:
    """The documents of a file of JSON Lines, with their labels.

    Raises:
        ResultsError: a line is no result.
        OSError: the file cannot be read.

    """
    with path.open("rb") as stream:
        for number, line in enumerate(stream, start=1):
            if not line.strip():
                continue
            try:
                data = json.loads(line)
                read = Extraction.model_validate_json(json.dumps(data.get("extraction", data)))
            except (ValueError, AttributeError, ValidationError) as error:
                raise ResultsError(f"第{number}行不是本版 kpi extract 或 kpi score 写出的结果") from error
            yield data.get("document") or read.source.name or f"第{number}行", read


def parquet_files(folder: Path, table: str) -> list[Path]:
    """The files of a table in a folder: the parts of a finished run, ``projects.parquet``, or ``projects/*.parquet``.

    Nothing deeper is looked at: a folder of documents may hold the results of an earlier year.

    Raises:
        ResultsError: the run that wrote there is not finished, or a part is gone.

    """
    if is_run(folder):
        return _parts(_home(folder), table)
    whole = folder / f"{table}.parquet"
    return [whole] if whole.is_file() else sorted((folder / table).glob("*.parquet"))


def is_run(folder: Path) -> bool:
    """Whether a run of ``kpi score`` left its shards in a folder: whatever else is there may be of an earlier one."""
    return (_home(folder) / shards.FOLDER).is_dir()


def _home(folder: Path) -> Path:
    """The folder of the run: the one above, where the shards themselves are given."""
    here = folder.resolve()
    return here.parent if here.name == shards.FOLDER and (here / "parts").is_dir() else folder


def _parts(home: Path, table: str) -> list[Path]:
    run = shards.run_of(Local(home))
    if run is None:
        raise ResultsError("上次运行没有完成，请加 --resume 再运行 kpi score")
    files = [home / shards.FOLDER / table / f"{part}.parquet" for part in run.parts]
    if gone := [file.name for file in files if not file.is_file()]:
        raise ResultsError(f"分片 {gone[0]} 等 {len(gone)} 个不见了，请加 --resume 再运行 kpi score")
    return files


_PROJECT = ("document", "project_number", "project", "organisation", "fiscal_year", "project_code", "budget")
_ROW = (
    "document", "project_number", "number", "tier1", "tier2", "tier1_text", "tier2_text", "name", "description",
    "raw_value", "unit", "weight",
)  # fmt: skip


def projects(folder: Path) -> list[Filed]:
    """The projects of a folder of Parquet tables. Values are parsed again, from their text and the unit beside it.

    Raises:
        ResultsError: the tables are not such as this version writes.
        OSError: they cannot be read.

    """
    rows: dict[tuple[str, int], list[dict[str, Any]]] = {}
    for row in _read(folder, "indicators", _ROW):
        rows.setdefault((row["document"], row["project_number"]), []).append(row)
    return [
        _filed(row, sorted(rows.get((row["document"], row["project_number"]), ()), key=lambda r: r["number"]))
        for row in _read(folder, "projects", _PROJECT)
    ]


def _read(folder: Path, table: str, columns: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    for path in parquet_files(folder, table):
        try:
            with pq.ParquetFile(path, pre_buffer=False) as file:
                for batch in file.iter_batches(columns=list(columns), use_threads=False):
                    if set(columns) - set(batch.schema.names):
                        raise ResultsError(f"{path.name} 由旧版本写出，请用本版重新评分")
                    yield from batch.to_pylist()
        except pa.ArrowException as error:
            raise ResultsError(f"{path.name} 已损坏，或不是本工具写出的表") from error


def _filed(row: dict[str, Any], rows: list[dict[str, Any]]) -> Filed:
    budget, year = row["budget"], row["fiscal_year"]
    whose = None if row["organisation"] == NO_ORGANISATION else row["organisation"]
    project = Project(
        title=None, name=row["project"], code=row["project_code"], organisation=Organisation(name=whose),
        fiscal_year=year, framework=None, self_evaluation=False, funding=Funding(), purpose=None, spending_plan=(),
        budget=None if budget is None else Money(magnitude=budget, unit="元", base_magnitude=budget), goals=(),
        indicators=tuple(_indicator(each, year) for each in rows), location=Location(),
    )  # fmt: skip
    return Filed(row["document"], row["project_number"] - 1, whose, year, project)


def _indicator(row: dict[str, Any], year: int | None) -> Indicator:
    weight: Decimal | None = row["weight"]
    return Indicator(
        tier1=row["tier1"] if row["tier1"] in get_args(Tier1) else None,
        tier2=row["tier2"] if row["tier2"] in get_args(Tier2) else None,
        tier1_text=row["tier1_text"], tier2_text=row["tier2_text"], name=row["name"],
        description=row["description"], raw_value=row["raw_value"] or "", cells=Cells(),
        value=parse_value(row["raw_value"] or "", year=year, unit=row["unit"], name=row["name"]),
        meant=None, basis=None, explanation=None, score_rule=None, weight=weight, actual=None, horizon=None,
        place=None, location=Location(),
    )  # fmt: skip
