-- The attempts that have row errors, by partner: each attempt that fails looks at its partner's.
CREATE INDEX batches_row_errors ON fairway.batches (partner, id)
  WHERE error_count > 0 AND coalesce(stored_error_count, 1) > 0;
