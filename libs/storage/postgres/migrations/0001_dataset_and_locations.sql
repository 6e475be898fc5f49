-- The state of the data set, one row. Its lock orders commits: a version is taken under it, so the order of versions is
-- the order of commits, without gaps.
CREATE TABLE fairway.dataset (
  singleton         boolean PRIMARY KEY DEFAULT true CHECK (singleton),
  version           bigint NOT NULL,
  commit_time       timestamptz,
  locations_version bigint NOT NULL  -- The version that last changed a region or port.
);
INSERT INTO fairway.dataset (version, locations_version) VALUES (0, 0);

-- Sequences of their own rather than identity columns: those cannot be distributed.
CREATE SEQUENCE fairway.region_ids AS integer;
CREATE SEQUENCE fairway.port_ids AS integer;

-- Regions and ports are never deleted, so a port that a price was checked against stays.
CREATE TABLE fairway.regions (
  id     integer PRIMARY KEY DEFAULT nextval('fairway.region_ids'),
  slug   text NOT NULL UNIQUE,
  name   text NOT NULL,
  parent integer REFERENCES fairway.regions (id)
);

CREATE TABLE fairway.ports (
  id     integer PRIMARY KEY DEFAULT nextval('fairway.port_ids'),
  code   text NOT NULL UNIQUE,
  name   text NOT NULL,
  parent integer NOT NULL REFERENCES fairway.regions (id)
);
