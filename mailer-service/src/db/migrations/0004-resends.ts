import type { MigrationInterface, QueryRunner } from 'typeorm'

export class Resends1763730000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE mail_resends; ALTER TABLE mails DROP COLUMN resends')
  }
}

const TABLES = `
  -- how often an administrator had it sent once more; names the copy
  ALTER TABLE mails ADD COLUMN resends int NOT NULL DEFAULT 0;

  -- who had what sent once more, and why
  CREATE TABLE mail_resends (
    id uuid PRIMARY KEY,
    subject_id uuid NOT NULL,
    kind text NOT NULL,
    actor uuid NOT NULL,
    why text NOT NULL,
    asked_at timestamptz NOT NULL DEFAULT now()
  );
  CREATE INDEX mail_resends_of_mail ON mail_resends (subject_id, kind);
`
