-- What each version changed, for those who follow the data set.
CREATE TABLE fairway.commits (
  version     bigint NOT NULL,
  kind        text NOT NULL CHECK (kind IN ('COMMIT', 'REVERT', 'LOCATIONS')),
  commit_time timestamptz NOT NULL,
  batch       bigint,  -- Null for LOCATIONS.
  PRIMARY KEY (version, kind)
);

INSERT INTO fairway.commits (version, kind, commit_time, batch)
  SELECT committed_version, 'COMMIT', commit_time, id FROM fairway.batches WHERE committed_version IS NOT NULL;

-- Every version is either that of a batch or that of an import of locations, whose time nobody wrote down.
INSERT INTO fairway.commits (version, kind, commit_time)
  SELECT number, 'LOCATIONS', coalesce((SELECT max(commit_time) FROM fairway.commits WHERE version < number),
                                       (SELECT commit_time FROM fairway.dataset), now())
  FROM generate_series(1, (SELECT version FROM fairway.dataset)) AS number
  WHERE number NOT IN (SELECT version FROM fairway.commits);
