import type { MigrationInterface, QueryRunner } from 'typeorm'

/**
 * Tables of the delivery pipeline, the same in every service's database.
 *
 * inbox and outbox are partitioned by day over the UUIDv7 id, so that a duplicate always meets its first and
 * old days are dropped whole. `maintain_partitions` is the only DDL the application role may trigger: it runs
 * with the rights of the owner.
 */
export class Plumbing1763600000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES)
    await runner.query(PARTITIONS)
    await runner.query(`SELECT partition_by_day('inbox', 30), partition_by_day('outbox', 7)`)
    await runner.query('SELECT maintain_partitions(now())')
  }

  async down(): Promise<void> {
    throw new Error('the delivery tables hold undelivered events: restore a backup instead')
  }
}

const TABLES = `
  CREATE TABLE inbox (id uuid PRIMARY KEY, claimed_at timestamptz NOT NULL DEFAULT now()) PARTITION BY RANGE (id);
  CREATE TABLE outbox (
    id uuid PRIMARY KEY,
    type text NOT NULL,
    envelope json NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
  ) PARTITION BY RANGE (id);
  CREATE TABLE outbox_unsent (
    id uuid PRIMARY KEY,
    created_at timestamptz NOT NULL DEFAULT now()
  ) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);

  CREATE TABLE parked (
    event_id uuid PRIMARY KEY,
    type text NOT NULL,
    envelope json NOT NULL,
    broker_user text,
    reason text NOT NULL,
    error text NOT NULL,
    handler text NOT NULL,
    attempts int NOT NULL,
    first_failed_at timestamptz NOT NULL DEFAULT now(),
    last_failed_at timestamptz NOT NULL DEFAULT now(),
    next_attempt_at timestamptz NOT NULL
  );
  CREATE INDEX parked_due ON parked (next_attempt_at);

  CREATE TABLE dead_letters (
    id uuid PRIMARY KEY,
    -- null when the message was too broken to have one
    event_id uuid UNIQUE,
    type text,
    envelope json,
    -- what came over the wire, when there is no envelope to show
    raw bytea,
    reason text NOT NULL,
    error text NOT NULL,
    handler text,
    attempts int NOT NULL,
    broker_user text,
    properties json NOT NULL DEFAULT '{}',
    first_failed_at timestamptz NOT NULL DEFAULT now(),
    last_failed_at timestamptz NOT NULL DEFAULT now()
  );

  -- starts of events whose message came back more than once: counts crashes, since a crash leaves no other trace
  CREATE TABLE delivery_starts (event_id uuid PRIMARY KEY, starts int NOT NULL, last_started_at timestamptz NOT NULL DEFAULT now());
`

const PARTITIONS = `
  CREATE TABLE partitioned_tables (name text PRIMARY KEY, keep_days int NOT NULL CHECK (keep_days > 0));

  -- the smallest UUIDv7 of an instant
  CREATE FUNCTION id_floor(at timestamptz) RETURNS uuid LANGUAGE sql IMMUTABLE STRICT AS $$
    SELECT (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid
  $$;

  CREATE FUNCTION create_partition(parent text, day date) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET timezone = 'UTC' AS $$
  DECLARE
    part text := parent || '_' || to_char(day, 'YYYYMMDD');
    low uuid := id_floor(day::timestamptz);
    high uuid := id_floor((day + 1)::timestamptz);
  BEGIN
    IF to_regclass(part) IS NOT NULL THEN RETURN; END IF;
    EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING ALL)', part, parent);
    -- rows that came before their partition wait in the default one, which may not overlap with the new one
    EXECUTE format('WITH early AS (DELETE FROM %I WHERE id >= %L AND id < %L RETURNING *) INSERT INTO %I SELECT * FROM early',
      parent || '_default', low, high, part);
    EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', parent, part, low, high);
  END $$;

  CREATE FUNCTION partition_by_day(parent text, keep_days int) RETURNS void LANGUAGE plpgsql AS $$
  BEGIN
    EXECUTE format('CREATE TABLE %I PARTITION OF %I DEFAULT', parent || '_default', parent);
    INSERT INTO partitioned_tables VALUES (parent, keep_days);
  END $$;

  -- partitions to be made or dropped, or rows that are too old in the default one
  CREATE FUNCTION needs_maintenance(parent partitioned_tables, at timestamptz) RETURNS boolean
  LANGUAGE plpgsql STABLE SET search_path = public, pg_temp SET timezone = 'UTC' AS $$
  DECLARE
    cutoff timestamptz := at - make_interval(days => parent.keep_days);
    forgettable boolean;
  BEGIN
    EXECUTE format('SELECT EXISTS (SELECT FROM %I WHERE id < %L)', parent.name || '_default', id_floor(cutoff)) INTO forgettable;
    RETURN forgettable OR EXISTS (
      SELECT FROM generate_series(at::date - 1, at::date + 3, interval '1 day') AS day
      WHERE to_regclass(parent.name || '_' || to_char(day, 'YYYYMMDD')) IS NULL
    ) OR EXISTS (
      SELECT FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
      WHERE i.inhparent = parent.name::regclass AND c.relname <= parent.name || '_' || to_char(cutoff - interval '1 day', 'YYYYMMDD')
    );
  END $$;

  CREATE FUNCTION maintain_partitions(at timestamptz) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET timezone = 'UTC' AS $$
  DECLARE
    parent partitioned_tables;
    part text;
    day date;
    unsent boolean;
  BEGIN
    -- several instances, one gardener
    IF NOT pg_try_advisory_xact_lock(hashtext('maintain_partitions')) THEN RETURN; END IF;
    FOR parent IN SELECT * FROM partitioned_tables ORDER BY name LOOP
      CONTINUE WHEN NOT needs_maintenance(parent, at);
      -- the whole tree at once, in the order in which writers lock it: attaching and dropping lock the default
      -- partition first and the parent last, and would deadlock with them
      EXECUTE format('LOCK TABLE %I IN ACCESS EXCLUSIVE MODE', parent.name);
      FOR day IN SELECT generate_series(at::date - 1, at::date + 3, interval '1 day')::date LOOP
        PERFORM create_partition(parent.name, day);
      END LOOP;
      FOR part, day IN
        SELECT c.relname, to_date(right(c.relname, 8), 'YYYYMMDD')
        FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
        WHERE i.inhparent = parent.name::regclass AND c.relname <> parent.name || '_default'
      LOOP
        CONTINUE WHEN day + 1 > (at - make_interval(days => parent.keep_days))::date;
        IF parent.name = 'outbox' THEN
          SELECT EXISTS (SELECT FROM outbox_unsent WHERE id >= id_floor(day::timestamptz) AND id < id_floor((day + 1)::timestamptz)) INTO unsent;
          CONTINUE WHEN unsent;
        END IF;
        EXECUTE format('DROP TABLE %I', part);
      END LOOP;
      EXECUTE format('DELETE FROM %I p WHERE id < %L' ||
        CASE parent.name WHEN 'outbox' THEN ' AND NOT EXISTS (SELECT FROM outbox_unsent u WHERE u.id = p.id)' ELSE '' END,
        parent.name || '_default', id_floor(at - make_interval(days => parent.keep_days)));
    END LOOP;
    DELETE FROM delivery_starts WHERE last_started_at < at - interval '1 day';
  END $$;

  REVOKE ALL ON FUNCTION create_partition(text, date), maintain_partitions(timestamptz), partition_by_day(text, int),
    needs_maintenance(partitioned_tables, timestamptz) FROM PUBLIC;
  REVOKE ALL ON partitioned_tables FROM PUBLIC;
`
