import type { MigrationInterface, QueryRunner } from 'typeorm'

export class SmsNumbers1763750000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(COLUMN)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE users DROP COLUMN sms_number')
  }
}

const COLUMN = `
  -- NULL: an SMS is not wanted
  ALTER TABLE users ADD COLUMN sms_number text CHECK (sms_number ~ '^\\+[1-9][0-9]{6,14}$');
`
