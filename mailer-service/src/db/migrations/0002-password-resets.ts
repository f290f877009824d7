import type { MigrationInterface, QueryRunner } from 'typeorm'

export class PasswordResetMails1763710000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(ONE_MORE_KIND)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(AS_BEFORE)
  }
}

const ONE_MORE_KIND = `
  ALTER TABLE mails DROP CONSTRAINT mails_kind_check,
    ADD CONSTRAINT mails_kind_check
      CHECK (kind IN ('welcome', 'receipt', 'cancellation', 'refund', 'password_reset'));
`

const AS_BEFORE = `
  DELETE FROM mails WHERE kind = 'password_reset';
  ALTER TABLE mails DROP CONSTRAINT mails_kind_check,
    ADD CONSTRAINT mails_kind_check CHECK (kind IN ('welcome', 'receipt', 'cancellation', 'refund'));
`
