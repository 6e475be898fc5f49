-- After the migrations, each time: who owns what, and who may do what. Says all of it, so that a database which was restored
-- into another cluster gets it, too.

-- While a change of owner waits for running transactions, everybody else waits behind it: it gives up before they notice, or
-- before PostgreSQL looks for a deadlock (1 s).
SET LOCAL lock_timeout = '500ms';
DO $$
DECLARE
  former regrole;
  thing text;
BEGIN
  -- Services of an earlier release run as the owner of it all, and go on.
  FOR former IN
    SELECT DISTINCT relowner FROM pg_class
    WHERE relnamespace = 'fairway'::regnamespace AND NOT pg_has_role(relowner, 'fairway_owner', 'MEMBER')
  LOOP
    EXECUTE format('GRANT fairway_owner TO %s', former);
  END LOOP;
  IF NOT EXISTS (SELECT FROM pg_namespace WHERE nspname = 'fairway' AND nspowner = 'fairway_owner'::regrole) THEN
    ALTER SCHEMA fairway OWNER TO fairway_owner;
  END IF;
  IF NOT has_schema_privilege('fairway_owner', 'public', 'CREATE') THEN
    GRANT CREATE ON SCHEMA public TO fairway_owner;  -- Whoever owns the views there needs it.
  END IF;
  FOR thing IN
    SELECT format('%s %s', CASE relkind WHEN 'S' THEN 'SEQUENCE' WHEN 'v' THEN 'VIEW' ELSE 'TABLE' END, oid::regclass)
    FROM pg_class
    WHERE relowner <> 'fairway_owner'::regrole AND
          (relnamespace = 'fairway'::regnamespace AND relkind IN ('r', 'p', 'S', 'v') OR
           relnamespace = 'public'::regnamespace AND relkind = 'v' AND relname IN ('prices', 'ports', 'regions'))
    UNION ALL
    SELECT format('ROUTINE %s', oid::regprocedure) FROM pg_proc
    WHERE proowner <> 'fairway_owner'::regrole AND pronamespace = 'fairway'::regnamespace
  LOOP
    EXECUTE format('ALTER %s OWNER TO fairway_owner', thing);
  END LOOP;
END $$;
SET LOCAL lock_timeout TO DEFAULT;

-- What an earlier release granted, and PUBLIC's right to call functions.
REVOKE ALL ON SCHEMA fairway FROM PUBLIC, fairway_ingest, fairway_query;
REVOKE ALL ON ALL TABLES IN SCHEMA fairway FROM PUBLIC, fairway_ingest, fairway_query;
REVOKE ALL ON ALL SEQUENCES IN SCHEMA fairway FROM PUBLIC, fairway_ingest, fairway_query;
REVOKE ALL ON ALL ROUTINES IN SCHEMA fairway FROM PUBLIC, fairway_ingest, fairway_query;

GRANT USAGE ON SCHEMA fairway TO fairway_ingest, fairway_query;
GRANT SELECT
  ON fairway.schema_migrations, fairway.dataset, fairway.commits, fairway.regions, fairway.ports, fairway.batches,
     fairway.price_series
  TO fairway_ingest, fairway_query;
GRANT SELECT ON public.prices, public.ports, public.regions TO fairway_query;

-- SELECT ... FOR UPDATE counts as UPDATE.
GRANT UPDATE ON fairway.dataset TO fairway_ingest;
GRANT INSERT ON fairway.commits TO fairway_ingest;
GRANT INSERT, UPDATE ON fairway.regions, fairway.ports TO fairway_ingest;
GRANT INSERT, UPDATE, DELETE ON fairway.batches TO fairway_ingest;
GRANT INSERT, DELETE ON fairway.price_series TO fairway_ingest;
GRANT SELECT, INSERT, DELETE ON fairway.batch_errors TO fairway_ingest;
GRANT SELECT, INSERT, UPDATE, DELETE ON fairway.ended_attempts TO fairway_ingest;
GRANT USAGE ON SEQUENCE fairway.region_ids, fairway.port_ids, fairway.batch_ids TO fairway_ingest;
