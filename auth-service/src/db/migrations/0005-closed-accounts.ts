import type { MigrationInterface, QueryRunner } from 'typeorm'

export class ClosedAccounts1763740000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(COLUMNS)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'ALTER TABLE users DROP COLUMN deactivated_at, DROP COLUMN deactivation_reason, DROP COLUMN deleted_at',
    )
  }
}

const COLUMNS = `
  ALTER TABLE users
    ADD COLUMN deactivated_at timestamptz,
    ADD COLUMN deactivation_reason text,
    -- nothing is left of the person; the id stays, because orders name it
    ADD COLUMN deleted_at timestamptz,
    ADD CHECK ((deactivated_at IS NULL) = (deactivation_reason IS NULL));
`
