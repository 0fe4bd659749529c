"""Checks that the gradebook can be used, and reports a fault in one sentence, not a traceback.

nbgrader creates missing tables and changes no existing table. So nbgrader opens a gradebook of an
earlier version, and the first query for a column that the gradebook lacks fails.
"""

import os
import sqlite3
from pathlib import Path

from alembic.script import ScriptDirectory
from nbgrader.api import Base
from nbgrader.apps.baseapp import NbGrader
from nbgrader.apps.dbapp import DbUpgradeApp
from nbgrader.dbutil import ALEMBIC_DIR
from sqlalchemy import Inspector, create_engine, inspect, text
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.exc import SQLAlchemyError

from course_utils.grading.course import CourseError

PATIENCE = 10.0  # seconds that another program may hold the gradebook locked
_BACKUP = "restore it from a backup, or move it away to start a new one"
_UPGRADE = "run 'nbgrader db upgrade', which keeps a copy of it"


def install() -> None:
    """Make every command of nbgrader check the gradebook first, except ``db upgrade``.

    nbgrader has no hook for this, so the start method of its application class is replaced.
    """
    NbGrader.start = _start


_own_start = NbGrader.start


def _start(app: NbGrader) -> None:
    # ``nbgrader db upgrade`` starts NbGraderApp, which starts DbApp, which starts DbUpgradeApp.
    if app.subapp is None and not isinstance(app, DbUpgradeApp):
        try:
            check(app.coursedir.db_url)
        except CourseError as error:
            app.fail(str(error))  # logs the sentence and ends with exit code 1
    _own_start(app)


def check(db_url: str) -> None:
    """Make sure that the gradebook, if there is one, can be read and written.

    Args:
        db_url: the gradebook's address (``c.CourseDirectory.db_url``).

    Raises:
        CourseError: the gradebook is not a database, is locked, or belongs to another version of
            nbgrader; or this account may not use it.
    """
    url = make_url(db_url)
    if url.get_backend_name() == "sqlite":
        path = Path(url.database or ":memory:")
        if not path.exists() or path.stat().st_size == 0:
            return
        _check_file(path)
    name = f"The gradebook {url.database or url.render_as_string()}"
    engine = create_engine(db_url)
    try:
        with engine.connect() as connection:
            fault = _fault(connection)
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", error)).strip().partition("\n")[0]
        raise CourseError(f"{name} can't be read ({reason}): {_BACKUP}.") from error
    finally:
        engine.dispose()
    if fault:
        raise CourseError(f"{name} {fault}.")


def _check_file(path: Path) -> None:
    if not os.access(path, os.R_OK | os.W_OK) or not os.access(path.parent, os.W_OK):
        raise CourseError(
            f"The gradebook {path} can't be opened: give yourself access to it and its folder."
        )
    connection = sqlite3.connect(path, timeout=PATIENCE, isolation_level=None)
    try:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        connection.execute("BEGIN IMMEDIATE")  # fails where another program is writing
        connection.execute("ROLLBACK")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode not in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise CourseError(
                f"The gradebook {path} can't be read ({error}): {_BACKUP}."
            ) from error
        raise CourseError(
            f"Another program has held the gradebook {path} locked for {PATIENCE:g} seconds: "
            "wait until it ends, or close it, and try again."
        ) from error
    except sqlite3.DatabaseError as error:
        raise CourseError(f"The gradebook {path} can't be read ({error}): {_BACKUP}.") from error
    finally:
        connection.close()


def _fault(connection: Connection) -> str:
    """The fault of the tables for this version of nbgrader, as a phrase; empty if there is none."""
    inspector = inspect(connection)
    tables = set(inspector.get_table_names())
    if not tables:
        return ""
    if not tables & set(Base.metadata.tables):
        return f"holds other tables than nbgrader's: {_BACKUP}"
    revision = _revision(connection) if "alembic_version" in tables else None
    head, known = _revisions()
    if revision is not None and revision not in known:
        return f"was made by a newer version of nbgrader (revision {revision}): install that one"
    lacking = _lacking(inspector, tables)
    # nbgrader makes the tables of a new gradebook a second before it writes their revision. A
    # command that starts within this second, or after nbgrader was killed in it, finds all tables
    # and no revision: that is not a fault.
    if revision != head and (revision is not None or lacking):
        return f"was made by an earlier version of nbgrader: {_UPGRADE}"
    return f"lacks {', '.join(lacking[:3])}: {_BACKUP}" if lacking else ""


def _lacking(inspector: Inspector, tables: set[str]) -> list[str]:
    """Tables and columns of nbgrader that the gradebook lacks."""
    lacking = [name for name in Base.metadata.tables if name not in tables]
    for table in tables & set(Base.metadata.tables):
        found = {column["name"] for column in inspector.get_columns(table)}
        columns = Base.metadata.tables[table].columns
        lacking += [f"{table}.{column.name}" for column in columns if column.name not in found]
    return sorted(lacking)


def _revision(connection: Connection) -> str | None:
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return str(found) if found else None


def _revisions() -> tuple[str | None, set[str]]:
    """The newest revision of nbgrader's tables, and all revisions that this nbgrader knows.

    nbgrader's own ``get_alembic_version`` starts another Python process, which takes a second.
    """
    scripts = ScriptDirectory(ALEMBIC_DIR)
    return scripts.get_current_head(), {script.revision for script in scripts.walk_revisions()}
