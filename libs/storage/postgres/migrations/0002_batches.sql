CREATE SEQUENCE fairway.batch_ids;

-- One row per (partner, batch_id): its last attempt. Every attempt takes a new id, so what an attempt that died left
-- behind can never pass for the next one's.
CREATE TABLE fairway.batches (
  id                bigint PRIMARY KEY DEFAULT nextval('fairway.batch_ids'),
  partner           text NOT NULL,
  batch_id          text NOT NULL,
  state             text NOT NULL
                    CHECK (state IN ('RECEIVING', 'COMMITTED', 'REVERTED', 'FAILED', 'CANCELLED', 'EXPIRED')),
  label             text NOT NULL,
  create_time       timestamptz NOT NULL,
  row_count         bigint NOT NULL DEFAULT 0,
  lane_count        bigint NOT NULL DEFAULT 0,
  first_day         date,
  last_day          date,
  digest            text NOT NULL DEFAULT '',
  commit_time       timestamptz,
  committed_version bigint,  -- Visible from this version on,
  reverted_version  bigint,  -- and up to the one before this.
  error_count       bigint NOT NULL DEFAULT 0,
  bad_row_count     bigint NOT NULL DEFAULT 0,
  error_counts      bigint[] NOT NULL DEFAULT '{}',  -- By reason, in the order of RowErrorReason.
  failure_reason    text NOT NULL DEFAULT '',
  failure_message   text NOT NULL DEFAULT '',
  UNIQUE (partner, batch_id),
  CHECK ((committed_version IS NOT NULL) = (state IN ('COMMITTED', 'REVERTED'))),
  CHECK ((reverted_version IS NOT NULL) = (state = 'REVERTED'))
);
CREATE UNIQUE INDEX batches_committed_version ON fairway.batches (committed_version);
CREATE INDEX batches_receiving ON fairway.batches (id) WHERE state = 'RECEIVING';

-- The prices of a batch: one row per lane and sort run, ascending by day, insert-only. No foreign key to batches and no
-- trigger: visibility is decided by batches alone, whatever is stored here.
CREATE TABLE fairway.price_series (
  batch       bigint NOT NULL,
  origin      integer NOT NULL,
  destination integer NOT NULL,
  run         integer NOT NULL,
  price_count integer NOT NULL,
  days        date[] NOT NULL,
  prices      integer[] NOT NULL,  -- As long as days.
  PRIMARY KEY (batch, origin, destination, run)
);
CREATE INDEX price_series_lane ON fairway.price_series (origin, destination);

-- What was wrong with the rows of a failed attempt; the first 100,000.
CREATE TABLE fairway.batch_errors (
  batch     bigint NOT NULL,
  position  integer NOT NULL,
  row_index bigint NOT NULL,
  field     text NOT NULL,
  reason    text NOT NULL,
  value     text NOT NULL,
  PRIMARY KEY (batch, position)
);
