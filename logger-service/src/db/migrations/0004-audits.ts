import type { MigrationInterface, QueryRunner } from 'typeorm'

/** What audits of the shop have found, and who wanted them. */
export class Audits1763870000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(AUDITS)
  }

  async down(): Promise<void> {
    throw new Error('what audits have found must not be forgotten: restore a backup instead')
  }
}

const AUDITS = `
  CREATE TABLE audits (
    -- the auditor's
    id uuid PRIMARY KEY,
    started_by uuid NOT NULL,
    started_at timestamptz NOT NULL,
    -- null while it runs
    ended_at timestamptz,
    -- null: it could not be made, and why
    report json,
    why text,
    CHECK (ended_at IS NULL OR (report IS NULL) <> (why IS NULL))
  );
  REVOKE DELETE, TRUNCATE ON audits FROM logger_service_app;
`
