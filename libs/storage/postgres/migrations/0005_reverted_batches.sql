-- Asked at each new version, by each replica.
CREATE INDEX batches_reverted_version ON fairway.batches (reverted_version) WHERE reverted_version IS NOT NULL;
