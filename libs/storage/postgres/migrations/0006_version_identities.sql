-- Numbers of versions are given again after a restore of an older backup, or after a failover that lost commits. An
-- identity is not: 62 random bits below a set one, so never 0. It is the row's default because services of the release
-- before write rows of their own while this one is rolled out. The versions there are get theirs here.
ALTER TABLE fairway.commits ADD COLUMN identity bigint NOT NULL
  DEFAULT ('x' || right(replace(gen_random_uuid()::text, '-', ''), 16))::bit(64)::bigint;

-- Version 0 has one as well: one empty database is not the other.
ALTER TABLE fairway.commits DROP CONSTRAINT commits_kind_check;
ALTER TABLE fairway.commits ADD CONSTRAINT commits_kind_check
  CHECK (kind IN ('BEGINNING', 'COMMIT', 'REVERT', 'LOCATIONS'));
INSERT INTO fairway.commits (version, kind, commit_time) VALUES (0, 'BEGINNING', now());

-- The identity of a version, 0 where its row is not kept any more.
CREATE FUNCTION fairway.version_identity(number bigint) RETURNS bigint LANGUAGE sql STABLE
  RETURN coalesce((SELECT min(identity) FROM fairway.commits WHERE version = number), 0);
