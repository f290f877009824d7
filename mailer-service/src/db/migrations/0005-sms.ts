import type { MigrationInterface, QueryRunner } from 'typeorm'

export class Sms1763740000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(CHANNELS)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(AS_BEFORE)
  }
}

const CHANNELS = `
  -- NULL: no SMS is wanted; gone with the address
  ALTER TABLE addresses ADD COLUMN sms_number text, ADD CHECK (sms_number IS NULL OR email IS NOT NULL);

  -- the same news may go several ways, each with an outcome of its own
  ALTER TABLE mails ADD COLUMN channel text NOT NULL DEFAULT 'mail' CHECK (channel IN ('mail', 'sms')),
    DROP CONSTRAINT mails_pkey, ADD PRIMARY KEY (subject_id, kind, channel);
  CREATE INDEX mails_due_by_sms ON mails (user_id) WHERE state = 'due' AND channel = 'sms';
  ALTER TABLE mail_resends ADD COLUMN channel text NOT NULL DEFAULT 'mail';
`

const AS_BEFORE = `
  DELETE FROM mails WHERE channel <> 'mail';
  ALTER TABLE mail_resends DROP COLUMN channel;
  ALTER TABLE mails DROP CONSTRAINT mails_pkey, DROP COLUMN channel, ADD PRIMARY KEY (subject_id, kind);
  ALTER TABLE addresses DROP COLUMN sms_number;
`
