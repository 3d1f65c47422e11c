"""The directory of help: a table for each object of HSDS, and the batches in which their rows came.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

#: The fields of each object as they were then; ":number" is a number, "*" a link to another object.
OBJECTS = {
    "organization": """
        id name alternate_name description email website tax_status tax_id year_incorporated:number
        legal_status logo uri parent_organization_id*
    """,
    "program": """
        id organization_id* name alternate_name description
    """,
    "service": """
        id organization_id* program_id* name alternate_name description url email status
        interpretation_services application_process fees_description wait_time fees accreditations
        eligibility_description minimum_age:number maximum_age:number assured_date assurer_email licenses
        alert last_modified
    """,
    "service_at_location": """
        id service_id* location_id* description
    """,
    "location": """
        id location_type url organization_id* name alternate_name description transportation latitude:number
        longitude:number external_identifier external_identifier_type
    """,
    "contact": """
        id organization_id* service_id* service_at_location_id* location_id* name title department email
    """,
    "phone": """
        id location_id* service_id* organization_id* contact_id* service_at_location_id* number
        extension:number type description
    """,
    "address": """
        id location_id* attention address_1 address_2 city region state_province postal_code country
        address_type
    """,
    "schedule": """
        id service_id* location_id* service_at_location_id* valid_from valid_to dtstart timezone until
        count:number wkst freq interval:number byday byweekno bymonthday byyearday description opens_at
        closes_at schedule_link attending_type notes
    """,
    "funding": """
        id organization_id* service_id* source
    """,
    "service_area": """
        id service_id* service_at_location_id* name description extent extent_type uri
    """,
    "required_document": """
        id service_id* document uri
    """,
    "language": """
        id service_id* location_id* phone_id* name code note
    """,
    "accessibility": """
        id location_id* description details url
    """,
    "cost_option": """
        id service_id* valid_from valid_to option currency amount:number amount_description
    """,
    "service_capacity": """
        id service_id* unit_id* available:number maximum:number description updated
    """,
    "unit": """
        id name scheme identifier uri
    """,
    "url": """
        id organization_id* service_id* label url
    """,
    "organization_identifier": """
        id organization_id* identifier_scheme identifier_type identifier
    """,
    "taxonomy": """
        id name description uri version
    """,
    "taxonomy_term": """
        id code name description parent_id* taxonomy language taxonomy_id* term_uri
    """,
    "attribute": """
        id link_id taxonomy_term_id* link_type link_entity value label
    """,
    "metadata": """
        id resource_id resource_type last_action_date last_action_type field_name previous_value
        replacement_value updated_by
    """,
    "meta_table_description": """
        id name language character_set
    """,
}


def upgrade() -> None:
    op.create_table(
        "directory_batch",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("source", sa.String(200), nullable=False, index=True),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sqlite_autoincrement=True,
    )
    for state in ("coming", "current"):
        only = sa.text(f"state = '{state}'")
        op.create_index(
            f"directory_batch_{state}",
            "directory_batch",
            ["source"],
            unique=True,
            sqlite_where=only,
            postgresql_where=only,
        )
    for name, fields in OBJECTS.items():
        _create(f"hsds_{name}", [field.partition(":") for field in fields.replace("*", ":link").split()])


def _create(table: str, fields: list[tuple[str, str, str]]) -> None:
    op.create_table(
        table,
        sa.Column("batch_id", sa.Integer, primary_key=True, autoincrement=False),
        *(
            sa.Column(name, sa.Float if kind == "number" else sa.Text, primary_key=name == "id")
            for name, _, kind in fields
        ),
        sa.Column("more", sa.JSON),
        sa.Column("place", sa.Text),
    )
    for name, _, kind in fields:
        if kind == "link":
            given = sa.text(f"{name} IS NOT NULL")
            op.create_index(f"{table}_{name}", table, ["batch_id", name], sqlite_where=given, postgresql_where=given)


def downgrade() -> None:
    for name in OBJECTS:
        op.drop_table(f"hsds_{name}")
    op.drop_table("directory_batch")
