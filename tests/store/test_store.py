"""What is at rest: sealed words, and tables that go up and down."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import MetaData, Table, inspect, text

from porchlight.config import Settings, WrongSetting
from porchlight.directory.hsds import objects
from porchlight.plans import queries
from porchlight.plans.reading import Item
from porchlight.store.encryption import Cipher, load_cipher
from porchlight.store.engine import Row, Store, make_engine, migrate, open_store
from porchlight.store.times import now
from tests.rows import a_conversation

TABLES = {
    *("conversation", "message", "plan", "plan_section", "plan_item"),
    *("directory_batch", *(f"hsds_{name}" for name in objects())),
    *("directory_entry", "directory_spot", "directory_secret", "directory_confirmation"),
    *("referral", "referral_outcome"),
}


def test_the_tables_go_up_and_down_and_up(empty_database_url: str) -> None:
    engine = make_engine(empty_database_url)
    migrate(engine)
    # SQLite shows the tables of its full-text index, too.
    own = {name for name in inspect(engine).get_table_names() if not name.startswith("directory_text")}
    assert own == {*TABLES, "alembic_version"}
    migrate(engine, "base")
    assert set(inspect(engine).get_table_names()) == {"alembic_version"}
    migrate(engine)
    assert set(inspect(engine).get_table_names()) > TABLES
    engine.dispose()


def test_messages_of_the_first_tables_outlive_the_second_migration(empty_database_url: str) -> None:
    engine = make_engine(empty_database_url)
    migrate(engine, "0001")
    conversation = {"id": "c", "token_hash": "h", "language": "en", "last_message_id": 1, "worry": b"sealed"}
    times = {"created_at": now().replace(tzinfo=None), "expires_at": now().replace(tzinfo=None)}
    message = {"conversation_id": "c", "id": 1, "sender": "you", "lang": "en", "body": b"sealed"}
    flags = {"payload": False, "pending": False, "noticed": False, "at": times["created_at"]}
    with engine.begin() as connection:
        for table, row in (("conversation", conversation | times), ("message", message | flags)):
            columns = Table(table, MetaData(), autoload_with=connection)
            connection.execute(columns.insert().values(**row))
    migrate(engine)
    with engine.begin() as connection:
        assert connection.execute(text("SELECT heard FROM conversation")).scalars().all() == [None]
        assert connection.execute(text("SELECT id FROM message")).scalars().all() == [1]
    engine.dispose()


def test_the_migrations_make_what_the_models_say(store: Store) -> None:
    inspector = inspect(store.engine)
    for table in Row.metadata.tables.values():
        made = {column["name"]: column["nullable"] for column in inspector.get_columns(table.name)}
        assert made == {column.name: column.nullable for column in table.columns}
        indexed = {tuple(index["column_names"]) for index in inspector.get_indexes(table.name)}
        assert {tuple(c.name for c in index.columns) for index in table.indexes} <= indexed


def test_words_are_sealed_and_deleted_with_their_conversation(store: Store) -> None:
    owner = store.run(a_conversation)
    store.run(lambda session: queries.make_plan(session, owner))
    store.run(lambda session: queries.add_item(session, owner, "safe_people", Item(name="Zubenelgenubi")))
    raw = store.run(lambda session: session.execute(text("SELECT content FROM plan_item")).scalar_one())
    assert b"Zubenelgenubi" not in bytes(raw)
    assert store.run(lambda session: queries.items_of(session, owner))[0].item.name == "Zubenelgenubi"
    store.run(lambda session: session.execute(text("DELETE FROM conversation")))
    assert store.run(lambda session: session.execute(text("SELECT count(*) FROM plan_item")).scalar_one()) == 0


def test_a_failed_function_leaves_nothing(store: Store) -> None:
    def fail(session: object) -> None:
        a_conversation(session)  # type: ignore[arg-type]
        raise RuntimeError

    with pytest.raises(RuntimeError):
        store.run(fail)
    assert store.run(lambda session: session.execute(text("SELECT count(*) FROM conversation")).scalar_one()) == 0


def test_an_old_key_opens_and_the_new_one_seals() -> None:
    old, new = Fernet.generate_key(), Fernet.generate_key()
    sealed = Cipher([old]).seal({"name": "Rosa"})
    both = Cipher([new, old])
    assert both.open(sealed) == {"name": "Rosa"}
    assert Cipher([new]).open(both.seal("again")) == "again"


def test_a_lost_key_says_what_to_do(tmp_path: Path) -> None:
    sealed = load_cipher("", tmp_path).seal("words")
    with pytest.raises(WrongSetting, match="PORCHLIGHT_KEYS"):
        Cipher([Fernet.generate_key()]).open(sealed)


def test_the_key_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    load_cipher("", tmp_path)
    assert (tmp_path / "service.key").stat().st_mode & 0o777 == 0o600


def test_the_data_folder_is_for_its_owner_alone(tmp_path: Path) -> None:
    open_store(Settings(data_dir=tmp_path / "new")).close()
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700
