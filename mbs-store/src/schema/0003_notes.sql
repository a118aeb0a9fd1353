-- Builds that were made elsewhere; older releases stored none.
ALTER TABLE builds ADD COLUMN imported INTEGER NOT NULL DEFAULT 0;

-- What resolution must know of each build and what never changes: a projection of the first entry of its log. The rows are
-- made by the program, because the documents have to be read for them.
CREATE TABLE notes (
    build INTEGER PRIMARY KEY REFERENCES builds (id) ON DELETE CASCADE,
    notes TEXT    NOT NULL
) STRICT;
