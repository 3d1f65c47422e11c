"""Where a search for help stands, what came of referrals, and what the bot asked last.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    conversation = sa.ForeignKey("conversation.id", ondelete="CASCADE")
    op.create_table(
        "referral",
        sa.Column("conversation_id", sa.String(36), conversation, primary_key=True),
        sa.Column("state", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "referral_outcome",
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("source", sa.String(200), primary_key=True),
        sa.Column("service_id", sa.String(200), primary_key=True),
        sa.Column("outcome", sa.String(16), primary_key=True),
        sa.Column("count", sa.Integer, nullable=False),
    )
    # Not Alembic's batch for SQLite: it makes the table anew, and dropping the old one deletes all messages with it.
    op.add_column("conversation", sa.Column("asked", sa.String(16)))
    op.add_column("conversation", sa.Column("asked_turn", sa.Integer))


def downgrade() -> None:
    op.execute("ALTER TABLE conversation DROP COLUMN asked_turn")
    op.execute("ALTER TABLE conversation DROP COLUMN asked")
    op.drop_table("referral_outcome")
    op.drop_table("referral")
