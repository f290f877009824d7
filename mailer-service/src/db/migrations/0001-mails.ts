import type { MigrationInterface, QueryRunner } from 'typeorm'

export class Mails1763700000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE mails, addresses')
  }
}

const TABLES = `
  CREATE TABLE addresses (
    user_id uuid PRIMARY KEY,
    email text NOT NULL,
    name text NOT NULL,
    version int NOT NULL
  );

  CREATE TABLE mails (
    subject_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('welcome', 'receipt', 'cancellation', 'refund')),
    user_id uuid NOT NULL,
    facts json NOT NULL,
    state text NOT NULL DEFAULT 'due' CHECK (state IN ('due', 'sent', 'failed')),
    -- grows with every attempt: an instance that lost its lease cannot record an outcome any more
    attempts int NOT NULL DEFAULT 0,
    next_attempt_at timestamptz NOT NULL DEFAULT now(),
    reason text,
    correlation_id uuid NOT NULL,
    traceparent text,
    created_at timestamptz NOT NULL DEFAULT now(),
    sent_at timestamptz,
    PRIMARY KEY (subject_id, kind)
  );
  CREATE INDEX mails_due ON mails (next_attempt_at) WHERE state = 'due';
  CREATE INDEX mails_of_user ON mails (user_id, created_at);
`
