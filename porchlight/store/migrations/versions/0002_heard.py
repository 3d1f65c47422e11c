"""A conversation remembers what weighs on us of all its messages, in place of the last category alone.

Revision ID: 0002
Revises: 0001
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _rename("worry", "heard")


def downgrade() -> None:
    _rename("heard", "worry")


def _rename(old: str, new: str) -> None:
    # Not Alembic's batch for SQLite: it makes the table anew, and dropping the old one deletes all messages with it.
    op.execute(f"ALTER TABLE conversation RENAME COLUMN {old} TO {new}")
    # What stood there has another shape, and is 24 hours old at most.
    op.execute(f"UPDATE conversation SET {new} = NULL")
