"""All samples of HSDS come in, go out and come in again with every field."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from porchlight.directory.exporting import export_csv, export_json
from porchlight.directory.importing import import_content
from porchlight.directory.queries import sources
from porchlight.directory.reading import Content, Refused, read
from porchlight.store.engine import Store
from tests.directory.samples import SAMPLES, content, needs_samples

pytestmark = needs_samples

BOTH = ("spec_3.0", "spec_3.1-dev")
#: They say what an API is, or are the tables of the bad package in one document.
NOT_CONTENT = ("base.json", "tabular.json")
DOCUMENTS = [
    path
    for version in BOTH
    for path in sorted((SAMPLES / version / "examples").glob("*.json"))
    if path.name not in NOT_CONTENT
]
FIXTURES = SAMPLES / "transformer_fixtures_1.1" / "spec" / "fixtures"
GOOD = [
    *DOCUMENTS,
    SAMPLES / "mock_hsds_api_3.x" / "data",
    FIXTURES / "custom" / "ilao" / "output",
    FIXTURES / "base_transformer" / "output" / "data",
]
#: What points to nothing in the examples of the specification.
DANGLING = {
    "organizations.csv": {"parent_organization_id"},
    "attributes.csv": {"link_id"},
    "locations.csv": {"organization_id"},
    "contacts.csv": {"organization_id", "service_at_location_id"},
    "taxonomy_terms.csv": {"parent_id", "taxonomy_id"},
    "metadata.csv": {"resource_id"},
}


def read_sample(path: Path) -> Content:
    """The lists of the specification are each the first of ten pages, of which there are no others."""
    return read(path, part=path.stem.endswith("_list"))


def name_of(path: Path) -> str:
    return str(path.relative_to(SAMPLES))


@pytest.mark.parametrize("path", GOOD, ids=name_of)
@pytest.mark.parametrize("export", [export_csv, export_json])
def test_a_round_trip_keeps_every_field(store: Store, tmp_path: Path, path: Path, export: Any) -> None:
    imported = import_content(store, "first", read_sample(path))
    assert sum(imported.rows.values()) > 0
    (source,) = store.read(sources)
    written = store.read(partial(export, batch=source.batch, folder=tmp_path / "out"))
    assert not written.left_out
    # Documents and old exports point to what stands elsewhere: so does what is made from them.
    import_content(store, "again", read(tmp_path / "out"), partial_package=True)
    assert content(store, "again") == content(store, "first")


@pytest.mark.parametrize("path", GOOD, ids=name_of)
def test_the_export_validates(store: Store, tmp_path: Path, path: Path) -> None:
    import_content(store, "first", read_sample(path))
    (source,) = store.read(sources)
    store.read(partial(export_json, batch=source.batch, folder=tmp_path))
    checked = 0
    for document in tmp_path.glob("*.json"):
        kind = {"taxonomies": "taxonomy"}.get(document.stem, document.stem.removesuffix("s"))
        validator = Draft202012Validator(_schema(kind), registry=REGISTRY)
        for item in json.loads(document.read_text(encoding="utf-8"))["contents"]:
            assert [error.message for error in validator.iter_errors(item)] == []
            checked += 1
    assert checked


def _schema(kind: str) -> Any:
    return json.loads((SAMPLES / "spec_3.1-dev" / "schema" / f"{kind}.json").read_text(encoding="utf-8"))


def _registry() -> Any:
    found: Any = Registry()
    for path in (SAMPLES / "spec_3.1-dev" / "schema").glob("*.json"):
        schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **_schema(path.stem)}
        found = found.with_resource(path.name, Resource.from_contents(schema))
    return found


REGISTRY = _registry() if SAMPLES.exists() else None


@pytest.mark.parametrize("name", ["csv", "tabular.json"])
def test_the_bad_example_is_refused_with_its_eight_reasons(store: Store, name: str) -> None:
    with pytest.raises(Refused) as refused:
        import_content(store, "bad", read(SAMPLES / "spec_3.0" / "examples" / name))
    reasons = refused.value.reasons
    assert len(reasons) == 8
    for file, fields in DANGLING.items():
        for field in fields:
            assert [reason for reason in reasons if f"{file} row" in reason and f" {field} " in reason], (file, field)
    assert store.read(sources) == []


def test_what_is_left_out_of_an_old_export_is_told(store: Store) -> None:
    imported = import_content(store, "old", read(FIXTURES / "custom" / "ilao" / "output"))
    assert imported.rows == {
        "organization": 33,
        "service": 429,
        "location": 553,
        "phone": 963,
        "address": 33,
        "schedule": 2492,
    }
    assert any("number is missing" in reason for reason in imported.left_out)
    assert any("is the id of no organization" in reason for reason in imported.elsewhere)
