-- How long components took, to start the longest ones first.
CREATE TABLE components (
    build        INTEGER NOT NULL REFERENCES builds (id) ON DELETE CASCADE,
    number       INTEGER NOT NULL,
    name         TEXT    NOT NULL,
    milliseconds INTEGER,
    PRIMARY KEY (build, number)
) STRICT, WITHOUT ROWID;

INSERT INTO components (build, number, name)
SELECT log.build, planned.key, planned.value ->> '$.name'
FROM log, json_each(log.changes, '$[0].header.request.plan.components') AS planned
WHERE log.revision = 1;

UPDATE components
SET milliseconds = built.milliseconds
FROM (
    SELECT log.build AS build,
           change.value ->> '$.component' AS number,
           change.value ->> '$.built.milliseconds' AS milliseconds,
           max(log.revision)
    FROM log, json_each(log.changes) AS change
    WHERE log.revision > 1 AND change.value ->> '$.change' = 'component_built'
    GROUP BY 1, 2
) AS built
WHERE components.build = built.build AND components.number = built.number;
