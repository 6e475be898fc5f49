-- Before the migrations, each time: the roles, of which whoever migrates is fairway_owner. Roles belong to the cluster, and
-- others of its databases may be migrated at the same time: what is there already is left alone.
DO $$
DECLARE
  role text;
BEGIN
  FOREACH role IN ARRAY ARRAY['fairway_owner', 'fairway_ingest', 'fairway_query'] LOOP
    CONTINUE WHEN to_regrole(role) IS NOT NULL;
    BEGIN
      EXECUTE format('CREATE ROLE %I', role);
    EXCEPTION WHEN duplicate_object OR unique_violation THEN
      NULL;
    END;
  END LOOP;
  IF NOT pg_has_role('fairway_owner', 'MEMBER') THEN
    BEGIN
      GRANT fairway_owner TO CURRENT_USER;
    EXCEPTION WHEN unique_violation THEN
      NULL;
    END;
  END IF;
END $$;
