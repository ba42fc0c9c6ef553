"""Which mails the server may have, and what each written mail says, apart from what it is about.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Take it that what was written and is not at its end may have arrived; it stays as it is."""
    op.add_column("message", sa.Column("covers", sa.Text(), server_default="{}", nullable=False))
    op.add_column("message", sa.Column("may_have_arrived", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.execute("UPDATE message SET covers = subject")
    op.execute(sa.text("UPDATE message SET may_have_arrived = :yes WHERE composed IS NOT NULL").bindparams(yes=True))


def downgrade() -> None:
    """Leave what mails are about as it is."""
    op.drop_column("message", "may_have_arrived")
    op.drop_column("message", "covers")
