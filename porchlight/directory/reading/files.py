"""Finds what to read in a file, a folder or an archive."""

from __future__ import annotations

import zipfile
from pathlib import Path

from .content import BROKEN, Content, File, Meter, Refused
from .documents import documents_in, load, tables_in
from .old_tables import OLD_FILES, old_rows
from .tables import by_file, rows

#: Bytes of all that is unpacked from an archive, and files in it.
UNPACKED, FILES = 4_000_000_000, 200
#: An archive that unpacks to more than this many times its size is a bomb.
RATIO = 200


def read(path: Path, part: bool = False) -> Content:
    """What a file or folder holds. Raises Refused, at once or while the rows are read.

    `part`: some pages of an API may be taken without the others.
    """
    try:
        return _folder(path, part) if path.is_dir() else _file(path, part)
    except OSError as error:
        raise Refused([f"{path} cannot be read: {error.strerror}."]) from error


def _folder(path: Path, part: bool) -> Content:
    tables = [each for each in sorted(path.iterdir()) if each.suffix.lower() == ".csv" and not _is_hidden(each.name)]
    if tables:
        return _package([_on_disk(each) for each in tables])
    documents = [each for each in sorted(path.rglob("*.json")) if not _is_hidden(each.name)]
    if not documents:
        raise Refused([f"{path.name} holds neither CSV nor JSON files."])
    return documents_in([_on_disk(each) for each in documents], part)


def _file(path: Path, part: bool) -> Content:
    if not path.is_file():
        raise Refused([f"{path} is not there."])
    if zipfile.is_zipfile(path):
        return _archive(path, part)
    file = _on_disk(path)
    if path.suffix.lower() == ".zip" or _begins(file, b"PK\x03\x04"):
        raise Refused([f"{path.name}: this archive is broken. It may have been cut off: fetch it again."])
    if path.suffix.lower() == ".csv":
        return _package([file])
    content = load(file)
    return tables_in(file, content) or documents_in([file], part, content)


def _on_disk(path: Path) -> File:
    if not path.is_file():
        raise Refused([f"{path} is not a file that can be read."])
    return File(path, path.stat().st_size, lambda: path.open("rb"))


def _begins(file: File, with_bytes: bytes) -> bool:
    with file.open() as raw:
        return raw.read(len(with_bytes)) == with_bytes


def _archive(path: Path, part: bool) -> Content:
    try:
        archive = zipfile.ZipFile(path)
    except BROKEN as error:
        raise Refused([f"{path.name}: this archive is broken."]) from error
    entries = [entry for entry in archive.infolist() if not entry.is_dir() and not _is_hidden(entry.filename)]
    size = sum(entry.file_size for entry in entries)
    if len(entries) > FILES or size > UNPACKED or size > RATIO * max(path.stat().st_size, 1):
        raise Refused([f"{path.name} unpacks to {size // 1_000_000} MB in {len(entries)} files: that is refused."])
    files = [_packed(archive, entry) for entry in entries]
    tables = [file for file in files if file.path.suffix.lower() == ".csv"]
    if len({file.name for file in tables}) < len(tables):
        raise Refused([f"{path.name}: a table stands in it twice, in several folders."])
    documents = [file for file in files if file.path.suffix.lower() == ".json"]
    if not tables and not documents:
        raise Refused([f"{path.name} holds neither CSV nor JSON files."])
    return _package(tables) if tables else documents_in(documents, part)


def _packed(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> File:
    return File(Path(entry.filename), entry.file_size, lambda: archive.open(entry))  # type: ignore[arg-type,return-value]


def _is_hidden(name: str) -> bool:
    """What a desktop puts into an archive or folder beside what was asked."""
    return name.startswith("__MACOSX/") or Path(name).name.startswith(".")


def _package(files: list[File]) -> Content:
    old = any(file.path.stem in OLD_FILES for file in files)
    known = {**by_file(), **(OLD_FILES if old else {})}
    strange = tuple(f"{file.name}: HSDS has no such table." for file in files if file.path.stem not in known)
    if strange and not old:
        raise Refused(list(strange))
    # What tells of services comes when they are there.
    ordered = sorted(files, key=lambda file: file.path.stem == "eligibility")
    tables = [file for file in ordered if file.path.stem in known]
    meter = Meter(sum(file.size for file in tables))
    if old:
        return Content(old_rows(tables, meter), "package_1_1", strange, meter)
    return Content(rows(tables, meter), "package", meter=meter)
