"""The department a trained classifier names: what it says of a question, how sure it is, and that it was what counted."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

SOURCES = "department_source IN ('reply', 'rule', 'classifier', 'receiving_account', 'unassigned')"


def upgrade() -> None:
    with op.batch_alter_table("questions") as table:
        table.drop_constraint(op.f("ck_questions_department_source"), type_="check")
        table.create_check_constraint(op.f("ck_questions_department_source"), SOURCES)
        table.add_column(sa.Column("classifier_department_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("classifier_confidence", sa.Float(), nullable=True))
        table.create_foreign_key(
            op.f("fk_questions_classifier_department_id_departments"),
            "departments",
            ["classifier_department_id"],
            ["id"],
        )
