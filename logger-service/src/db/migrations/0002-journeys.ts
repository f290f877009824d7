import type { MigrationInterface, QueryRunner } from 'typeorm'

/**
 * One row for every order, so that a million of them can be listed and filtered: made from the journal, kept up by the
 * transaction that adds to it, and made anew by `SELECT rebuild_journeys()`. What was written by which transaction
 * is what lets a stream go on where it was: ids and times are not in the order of commits.
 */
export class Journeys1763850000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(JOURNAL)
    await runner.query(JOURNEYS)
    await runner.query(`SELECT partition_by_day('journeys', 90)`)
    await runner.query('SELECT maintain_partitions(now())')
    await runner.query(REBUILD)
    await runner.query('SELECT rebuild_journeys()')
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION rebuild_journeys(); DROP TABLE journeys')
    await runner.query(`DELETE FROM partitioned_tables WHERE name = 'journeys'`)
    await runner.query('DROP INDEX journal_of_request, journal_of_trace')
    await runner.query('ALTER TABLE journal DROP COLUMN recorded_in')
  }
}

const JOURNAL = `
  ALTER TABLE journal ADD COLUMN recorded_in xid8;
  ALTER TABLE journal ALTER COLUMN recorded_in SET DEFAULT pg_current_xact_id();
  CREATE INDEX journal_recorded ON journal (recorded_in);
  CREATE INDEX journal_of_request ON journal (correlation_id, id);
  CREATE INDEX journal_of_trace ON journal (split_part(traceparent, '-', 2), id) WHERE traceparent IS NOT NULL;
`

const JOURNEYS = `
  CREATE TABLE journeys (
    -- the order's
    id uuid PRIMARY KEY,
    customer_id uuid,
    -- a bit for each event type
    heard int NOT NULL,
    verdict_id uuid,
    status text NOT NULL,
    reason text,
    ended_at timestamptz,
    placed_at timestamptz,
    deadline_at timestamptz,
    moved_at timestamptz,
    total_minor bigint,
    currency text,
    changed_in xid8 NOT NULL DEFAULT pg_current_xact_id()
  ) PARTITION BY RANGE (id);
  CREATE INDEX journeys_of_status ON journeys (status, id);
  CREATE INDEX journeys_of_reason ON journeys (reason, id) WHERE reason IS NOT NULL;
  CREATE INDEX journeys_of_customer ON journeys (customer_id, id);
  CREATE INDEX journeys_changed ON journeys (changed_in);
  -- nobody has ended it, or stock (2 without 8) or money (16 without 64) is to be given back
  CREATE INDEX journeys_open ON journeys (id)
    WHERE status = 'pending' OR (status = 'cancelled' AND (heard & 10 = 2 OR heard & 80 = 16));
`

const REBUILD = `
  CREATE FUNCTION rebuild_journeys() RETURNS void LANGUAGE sql AS $$
    DELETE FROM journeys;
    INSERT INTO journeys
      (id, customer_id, heard, verdict_id, status, reason, ended_at, placed_at, deadline_at, moved_at, total_minor, currency)
    SELECT order_id, min(data ->> 'customerId')::uuid, bit_or(bit),
      (array_agg(j.id ORDER BY j.id) FILTER (WHERE verdict IS NOT NULL))[1],
      coalesce((array_agg(verdict ORDER BY j.id) FILTER (WHERE verdict IS NOT NULL))[1], 'pending'),
      (array_agg(CASE verdict WHEN 'cancelled' THEN data ->> 'reason' END ORDER BY j.id) FILTER (WHERE verdict IS NOT NULL))[1],
      (array_agg(occurred_at ORDER BY j.id) FILTER (WHERE verdict IS NOT NULL))[1],
      min(occurred_at) FILTER (WHERE bit = 1),
      min((data ->> 'deadlineAt')::timestamptz),
      max(occurred_at) FILTER (WHERE repeats IS NULL AND bit NOT IN (512, 1024)),
      min((data ->> 'totalMinor')::bigint),
      min(data ->> 'currency') FILTER (WHERE data ->> 'totalMinor' IS NOT NULL)
    FROM journal j JOIN (VALUES
      ('order.created', 1, NULL), ('inventory.reserved', 2, NULL), ('inventory.reservation.failed', 4, NULL),
      ('inventory.released', 8, NULL), ('payment.succeeded', 16, NULL), ('payment.failed', 32, NULL),
      ('payment.refunded', 64, NULL), ('order.paid', 128, 'paid'), ('order.cancelled', 256, 'cancelled'),
      ('inventory.reservation.overdue', 512, NULL), ('payment.overdue', 1024, NULL)
    ) AS heard(type, bit, verdict) USING (type)
    WHERE order_id IS NOT NULL
    GROUP BY order_id
  $$;
  REVOKE ALL ON FUNCTION rebuild_journeys() FROM PUBLIC;
`
