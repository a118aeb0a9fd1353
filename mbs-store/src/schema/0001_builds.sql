-- Numbers of builds are never used again: sqlite_sequence remembers the last one.
CREATE TABLE builds (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    -- The fixed head, as far as somebody looks for it. All of it stands in the first entry of the log.
    name       TEXT    NOT NULL,
    stream     TEXT    NOT NULL,
    -- A number below 2^64 with its highest bit turned over, so that it sorts as a signed one.
    version    INTEGER NOT NULL,
    context    TEXT    NOT NULL,
    owner      TEXT    NOT NULL,
    scratch    INTEGER NOT NULL,
    backend    TEXT    NOT NULL,
    folder     TEXT    NOT NULL UNIQUE,
    components INTEGER NOT NULL,
    submitted  INTEGER NOT NULL,
    -- Projections of the log; times are nanoseconds since 1970.
    state      INTEGER NOT NULL,
    reason     TEXT,
    blame      TEXT,
    batch      INTEGER NOT NULL,
    revision   INTEGER NOT NULL,
    complete   INTEGER NOT NULL,
    running    INTEGER NOT NULL,
    modified   INTEGER NOT NULL,
    completed  INTEGER,
    -- Grows with every lease.
    fence      INTEGER NOT NULL DEFAULT 0,
    UNIQUE (name, stream, version, context)
) STRICT;

CREATE INDEX builds_active ON builds (id) WHERE state <= 2;
CREATE INDEX builds_running ON builds (backend) WHERE running > 0;

-- What was decided, in order. The truth; everything else about a build follows from it.
CREATE TABLE log (
    build    INTEGER NOT NULL REFERENCES builds (id) ON DELETE CASCADE,
    revision INTEGER NOT NULL,
    time     INTEGER NOT NULL,
    event    TEXT    NOT NULL,
    changes  TEXT    NOT NULL,
    PRIMARY KEY (build, revision)
) STRICT, WITHOUT ROWID;

-- What waits to be done outside.
CREATE TABLE effects (
    build        INTEGER NOT NULL REFERENCES builds (id) ON DELETE CASCADE,
    seq          INTEGER NOT NULL,
    due          INTEGER NOT NULL,
    failures     INTEGER NOT NULL,
    withdrawable INTEGER NOT NULL,
    kind         TEXT    NOT NULL,
    PRIMARY KEY (build, seq)
) STRICT, WITHOUT ROWID;

-- How often slots were taken in a backend.
CREATE TABLE slots (
    backend TEXT    NOT NULL PRIMARY KEY,
    token   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
