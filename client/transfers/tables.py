"""The tables of the transfers' database, and what its users share."""

import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import Insert, insert

from client.transfers.record import SentParts

metadata = sa.MetaData()
transfers = sa.Table(
    "transfers",
    metadata,
    sa.Column("owner", sa.String, primary_key=True),
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("key_id", sa.String, nullable=False),
    sa.Column("name", sa.String, nullable=False),
    sa.Column("size", sa.Integer, nullable=False),
    sa.Column("modified", sa.Integer, nullable=False),
    sa.Column("fingerprint", sa.String, nullable=False),
    sa.Column("state", sa.String, nullable=False),
    sa.Column("started", sa.Float, nullable=False),
    sa.Column("holder", sa.String, key="lease_owner", nullable=False),
    sa.Column("heard", sa.Float, key="heartbeat", nullable=False),
    sa.Column("false_image", sa.Boolean, nullable=False),
    sa.Column("kind", sa.String),
    sa.Column("deadline", sa.Float),
    sa.Column("part_size", sa.Integer),
    sa.Column("sha256", sa.String),
    sa.Column("problem", sa.String),
    sa.Column("plan", sa.LargeBinary),
    sa.Column("receipt", sa.LargeBinary),
)
parts = sa.Table(
    "transfer_parts",
    metadata,
    sa.Column("owner", sa.String, primary_key=True),
    sa.Column("transfer", sa.String, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("start", sa.Integer, nullable=False),
    sa.Column("end", sa.Integer, nullable=False),
    sa.Column("etag", sa.String),
    sa.ForeignKeyConstraint(
        ["owner", "transfer"], ["transfers.owner", "transfers.id"], ondelete="CASCADE"
    ),
)
tries = sa.Table(
    "transfer_tries",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("owner", sa.String, nullable=False),
    sa.Column("transfer", sa.String, nullable=False),
    sa.Column("part", sa.Integer, nullable=False),
    sa.Column("size", sa.Integer, nullable=False),
    sa.Column("started", sa.Float, nullable=False),
    sa.Column("seconds", sa.Float, nullable=False),
    sa.Column("status", sa.Integer, nullable=False),
    sa.Column("code", sa.String, nullable=False),
    sa.Column("etag", sa.String),
    sa.Column("request_id", sa.String, nullable=False),
    sa.Column("route", sa.String, nullable=False),
    # The same try may be told twice, by a report and with what is asked at the end.
    sa.UniqueConstraint("owner", "transfer", "part", "started"),
    sa.ForeignKeyConstraint(
        ["owner", "transfer"], ["transfers.owner", "transfers.id"], ondelete="CASCADE"
    ),
    # SQLite would give the numbers of tries that were forgotten to new ones.
    sqlite_autoincrement=True,
)


def of_owner(key_id: str, owner: str) -> tuple[sa.ColumnElement[bool], ...]:
    """Return the condition on the owner's transfers: those that the key can decrypt."""
    return (transfers.c.owner == owner, transfers.c.key_id == key_id)


def is_transfer(key_id: str, owner: str, transfer_id: str) -> tuple[sa.ColumnElement[bool], ...]:
    """Return the condition on one of the owner's transfers."""
    return (*of_owner(key_id, owner), transfers.c.id == transfer_id)


def of_transfer(
    table: sa.Table, owner: str, transfer_id: str
) -> tuple[sa.ColumnElement[bool], ...]:
    """Return the condition on the rows of a transfer in one of the other tables."""
    return (table.c.owner == owner, table.c.transfer == transfer_id)


def keep_parts(connection: sa.Connection, owner: str, transfer_id: str, sent: SentParts) -> bool:
    """Keep parts that the store has; tell whether one of them is new.

    Parts that the plan cut otherwise are passed over; a plan may leave the cutting to the browser.
    """
    rows = [
        {
            "its_owner": owner,
            "its_transfer": transfer_id,
            "its_number": number,
            "its_start": start,
            "its_end": end,
            "its_etag": etag,
        }
        for number, start, end, etag in sent
    ]
    if not rows:
        return False
    counts = [connection.execute(statement, rows).rowcount for statement in (_SET_ETAG, _ADD_PART)]
    return any(count > 0 for count in counts)


# Made once: SQLAlchemy takes longer to put a statement together than SQLite to carry it out.
_COLUMNS = ("owner", "transfer", "number", "start", "end", "etag")
_told = {name: sa.bindparam(f"its_{name}", type_=parts.c[name].type) for name in _COLUMNS}
_SET_ETAG = (
    sa.update(parts)
    .where(
        *(parts.c[name] == _told[name] for name in _COLUMNS[:-1]),
        parts.c.etag.is_distinct_from(_told["etag"]),
    )
    .values(etag=_told["etag"])
)


def _add_statement() -> Insert:
    is_cut_by_browser = (
        transfers.c.owner == _told["owner"],
        transfers.c.id == _told["transfer"],
        transfers.c.part_size.is_(None),
    )
    row = sa.select(*(_told[name] for name in _COLUMNS)).where(
        sa.exists().where(*is_cut_by_browser)
    )
    statement = insert(parts).from_select(_COLUMNS, row)
    new = statement.excluded
    return statement.on_conflict_do_update(
        index_elements=["owner", "transfer", "number"],
        set_={"start": new.start, "end": new.end, "etag": new.etag},
        where=sa.or_(
            *(parts.c[name].is_distinct_from(new[name]) for name in ("start", "end", "etag"))
        ),
    )


_ADD_PART = _add_statement()
