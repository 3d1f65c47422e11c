"""What the search for help looks in, and what people have confirmed.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

LINKS = (("hsds_attribute", "link_id"), ("hsds_metadata", "resource_id"))

# The table of full text follows the table of entries by itself.
SQLITE = (
    """
    CREATE VIRTUAL TABLE directory_text USING fts5(
        words, content='directory_entry', content_rowid='id', tokenize='unicode61', detail=none
    )
    """,
    """
    CREATE TRIGGER directory_entry_in AFTER INSERT ON directory_entry BEGIN
        INSERT INTO directory_text(rowid, words) VALUES (new.id, new.words);
    END
    """,
    """
    CREATE TRIGGER directory_entry_out AFTER DELETE ON directory_entry BEGIN
        INSERT INTO directory_text(directory_text, rowid, words) VALUES ('delete', old.id, old.words);
    END
    """,
)
POSTGRESQL = ("CREATE INDEX directory_text ON directory_entry USING gin (to_tsvector('simple', words))",)


def upgrade() -> None:
    for table, link in LINKS:
        given = sa.text(f"{link} IS NOT NULL")
        op.create_index(f"{table}_{link}", table, ["batch_id", link], sqlite_where=given, postgresql_where=given)
    op.add_column("directory_batch", sa.Column("digest", sa.String(64)))
    op.create_table(
        "directory_entry",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("batch_id", sa.Integer, nullable=False),
        sa.Column("service_id", sa.Text, nullable=False),
        sa.Column("words", sa.Text, nullable=False),
    )
    op.create_index("directory_entry_service", "directory_entry", ["batch_id", "service_id"], unique=True)
    op.create_table(
        "directory_spot",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("batch_id", sa.Integer, nullable=False),
        sa.Column("service_id", sa.Text, nullable=False),
        sa.Column("need", sa.String(24), nullable=False),
        sa.Column("reach", sa.String(7), nullable=False),
        sa.Column("state", sa.String(2), nullable=False),
        sa.Column("cell", sa.Integer),
        sa.Column("latitude", sa.Float),
        sa.Column("longitude", sa.Float),
        sa.Column("minimum_age", sa.Float),
        sa.Column("maximum_age", sa.Float),
    )
    here = sa.text("cell IS NOT NULL")
    op.create_index("directory_spot_state", "directory_spot", ["need", "reach", "state"])
    op.create_index("directory_spot_cell", "directory_spot", ["cell", "need"], sqlite_where=here, postgresql_where=here)
    op.create_index("directory_spot_batch", "directory_spot", ["batch_id"])
    op.create_table(
        "directory_secret",
        sa.Column("batch_id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("id", sa.Text, primary_key=True),
    )
    op.create_table(
        "directory_confirmation",
        sa.Column("source", sa.String(200), primary_key=True),
        sa.Column("channel_id", sa.String(200), primary_key=True),
        sa.Column("by", sa.String(100), nullable=False),
        sa.Column("on", sa.Date, nullable=False),
    )
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE directory_text")
    for table in ("directory_confirmation", "directory_secret", "directory_spot", "directory_entry"):
        op.drop_table(table)
    op.execute("ALTER TABLE directory_batch DROP COLUMN digest")
    for table, link in LINKS:
        op.drop_index(f"{table}_{link}", table)
