import type { MigrationInterface, QueryRunner } from 'typeorm'

/** What services say of themselves, kept for two weeks: written once and never changed, like the journal. */
export class LogLines1763860000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(LINES)
    await runner.query(`SELECT partition_by_day('log_lines', 14)`)
    await runner.query('SELECT maintain_partitions(now())')
    await runner.query('REVOKE UPDATE, DELETE, TRUNCATE ON log_lines FROM logger_service_app')
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE log_lines')
    await runner.query(`DELETE FROM partitioned_tables WHERE name = 'log_lines'`)
  }
}

const LINES = `
  CREATE TABLE log_lines (
    id uuid PRIMARY KEY,
    at timestamptz NOT NULL,
    service text NOT NULL,
    level text NOT NULL,
    kind text,
    message text NOT NULL,
    order_id uuid,
    event_id uuid,
    trace_id text,
    request_id uuid,
    fields json NOT NULL
  ) PARTITION BY RANGE (id);
  CREATE INDEX log_lines_of_order ON log_lines (order_id, id) WHERE order_id IS NOT NULL;
  CREATE INDEX log_lines_of_request ON log_lines (request_id, id) WHERE request_id IS NOT NULL;
  CREATE INDEX log_lines_of_trace ON log_lines (trace_id, id) WHERE trace_id IS NOT NULL;
  CREATE INDEX log_lines_of_kind ON log_lines (kind, id) WHERE kind IS NOT NULL;
`
