-- Attempts that ended without a commit. A COMMIT that was under way when its session was lost may store their prices
-- after they were removed, so the sweep looks again, at growing intervals.
CREATE TABLE fairway.ended_attempts (
  batch     bigint PRIMARY KEY,
  end_time  timestamptz NOT NULL,
  look_time timestamptz NOT NULL  -- When the sweep looks next.
);
CREATE INDEX ended_attempts_look_time ON fairway.ended_attempts (look_time);
INSERT INTO fairway.ended_attempts (batch, end_time, look_time)
  SELECT id, now(), now() FROM fairway.batches WHERE state IN ('FAILED', 'CANCELLED', 'EXPIRED');

-- How many rows of batch_errors it has; null where a release wrote them that did not count.
ALTER TABLE fairway.batches ADD COLUMN stored_error_count integer;
CREATE INDEX batches_ended ON fairway.batches (create_time) WHERE state IN ('FAILED', 'CANCELLED', 'EXPIRED');
