"""Rows in MariaDB, through SQLAlchemy and PyMySQL as the real services do. Every function blocks: call it in a thread."""

import time

from sqlalchemy import create_engine, text

import settings

engine = (
    create_engine(settings.DATABASE_URL, pool_pre_ping=True, pool_recycle=600, pool_size=3, max_overflow=2)
    if settings.DATABASE_URL
    else None
)
TABLE = (
    "CREATE TABLE IF NOT EXISTS records (id INT AUTO_INCREMENT PRIMARY KEY, kind VARCHAR(40) NOT NULL,"
    " content TEXT NOT NULL, made_by VARCHAR(64) NOT NULL, made_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP)"
)
state = {"until": 0.0, "answer": "not asked"}


def prepare() -> None:
    with engine.begin() as connection:
        connection.execute(text(TABLE))


def add(kind: str, content: str) -> int:
    with engine.begin() as connection:
        insert = text("INSERT INTO records (kind, content, made_by) VALUES (:kind, :content, :host)")
        return connection.execute(insert, {"kind": kind, "content": content, "host": settings.HOSTNAME}).lastrowid


def rows(kind: str, limit: int = 50) -> list:
    with engine.connect() as connection:
        select = text("SELECT id, content, made_by FROM records WHERE kind = :kind ORDER BY id DESC LIMIT :limit")
        found = connection.execute(select, {"kind": kind, "limit": limit})
        return [{"id": row.id, "content": row.content, "made_by": row.made_by} for row in found]


def count(kind: str) -> int:
    with engine.connect() as connection:
        return connection.execute(text("SELECT COUNT(*) FROM records WHERE kind = :kind"), {"kind": kind}).scalar()


def describe() -> str:
    """`ok` or the error, asked at most once a second."""
    if time.monotonic() > state["until"]:
        try:
            with engine.connect() as connection:
                connection.execute(text("SELECT 1"))
            state["answer"] = "ok"
        except Exception as error:  # whatever it is, the answer shows it
            state["answer"] = str(error).splitlines()[0]
        state["until"] = time.monotonic() + 1
    return state["answer"]
