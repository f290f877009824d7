import type { MigrationInterface, QueryRunner } from 'typeorm'

/**
 * The journal is append-only for the service itself: entries leave it only as whole days, dropped by the owner.
 * The trigger says the same for the partitions, which the role could otherwise reach by their own names.
 */
export class Journal1763700000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(JOURNAL)
    await runner.query(`SELECT partition_by_day('journal', 90)`)
    await runner.query('SELECT maintain_partitions(now())')
    await runner.query(APPEND_ONLY)
  }

  async down(): Promise<void> {
    throw new Error('the journal is the only memory of what happened: restore a backup instead')
  }
}

const JOURNAL = `
  CREATE TABLE journal (
    id uuid PRIMARY KEY,
    type text NOT NULL,
    source text NOT NULL,
    subject text NOT NULL,
    order_id uuid,
    occurred_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now(),
    correlation_id uuid NOT NULL,
    causation_id uuid,
    repeats uuid,
    traceparent text,
    data json NOT NULL
  ) PARTITION BY RANGE (id);
  CREATE INDEX journal_of_order ON journal (order_id, id) WHERE order_id IS NOT NULL;
  CREATE INDEX journal_of_type ON journal (type, id);
`

const APPEND_ONLY = `
  REVOKE UPDATE, DELETE, TRUNCATE ON journal FROM logger_service_app;

  CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    RAISE EXCEPTION 'the journal is append-only' USING ERRCODE = 'insufficient_privilege';
  END $$;

  CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON journal
    FOR EACH ROW WHEN (current_user = 'logger_service_app') EXECUTE FUNCTION refuse_change();
`
