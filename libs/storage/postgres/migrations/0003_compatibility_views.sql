-- The reference schema, for SQL and programs that know it. Committed batches only.
CREATE VIEW public.regions AS
  SELECT region.slug, region.name, parent.slug AS parent_slug
  FROM fairway.regions AS region
  LEFT JOIN fairway.regions AS parent ON parent.id = region.parent;

CREATE VIEW public.ports AS
  SELECT port.code, port.name, region.slug AS parent_slug
  FROM fairway.ports AS port
  JOIN fairway.regions AS region ON region.id = port.parent;

-- Both unnest in step: a day with its price.
CREATE VIEW public.prices AS
  SELECT origin.code AS orig_code, destination.code AS dest_code, unnest(series.days) AS day,
         unnest(series.prices) AS price
  FROM fairway.price_series AS series
  JOIN fairway.batches AS batch ON batch.id = series.batch AND batch.state = 'COMMITTED'
  JOIN fairway.ports AS origin ON origin.id = series.origin
  JOIN fairway.ports AS destination ON destination.id = series.destination;
