"""Conversations with their messages, and plans with their items.

Revision ID: 0001
Revises:
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "conversation",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column("token_hash", sa.String(64), nullable=False, unique=True),
        sa.Column("role", sa.String(16)),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("last_message_id", sa.Integer, nullable=False),
        sa.Column("worry", sa.LargeBinary),
        sa.Column("worry_id", sa.Integer),
        sa.Column("after_concern", sa.String(16)),
        sa.Column("created_at", sa.DateTime, nullable=False),
        sa.Column("expires_at", sa.DateTime, nullable=False, index=True),
    )
    op.create_table(
        "message",
        sa.Column("conversation_id", sa.String(36), _owner("conversation.id"), primary_key=True),
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("sender", sa.String(8), nullable=False),
        sa.Column("lang", sa.String(2), nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("payload", sa.Boolean, nullable=False),
        sa.Column("pending", sa.Boolean, nullable=False),
        sa.Column("noticed", sa.Boolean, nullable=False),
        sa.Column("key", sa.String(64)),
        sa.Column("at", sa.DateTime, nullable=False),
    )
    op.create_index("message_key", "message", ["conversation_id", "key"], unique=True)
    pending = sa.text("pending")
    op.create_index("message_pending", "message", ["conversation_id"], sqlite_where=pending, postgresql_where=pending)
    op.create_table(
        "plan",
        sa.Column("conversation_id", sa.String(36), _owner("conversation.id"), primary_key=True),
        sa.Column("asking", sa.String(32)),
        sa.Column("stage", sa.String(16), nullable=False),
        sa.Column("focus", sa.Integer),
        sa.Column("hesitated", sa.Boolean, nullable=False),
        sa.Column("last_turn", sa.Integer, nullable=False),
        sa.Column("last_outcome", sa.LargeBinary),
        sa.Column("asked_turn", sa.Integer, nullable=False),
    )
    op.create_table(
        "plan_section",
        sa.Column("conversation_id", sa.String(36), _owner("plan.conversation_id"), primary_key=True),
        sa.Column("key", sa.String(32), primary_key=True),
        sa.Column("status", sa.String(8), nullable=False),
    )
    op.create_table(
        "plan_item",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("conversation_id", sa.String(36), _owner("plan.conversation_id"), nullable=False, index=True),
        sa.Column("section", sa.String(32), nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )


def downgrade() -> None:
    for table in ("plan_item", "plan_section", "plan", "message", "conversation"):
        op.drop_table(table)


def _owner(column: str) -> sa.ForeignKey:
    return sa.ForeignKey(column, ondelete="CASCADE")
