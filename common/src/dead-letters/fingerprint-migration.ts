import type { MigrationInterface, QueryRunner } from 'typeorm'

export class DeadLetterFingerprints1763640000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(COLUMN)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE dead_letters DROP COLUMN fingerprint')
  }
}

const COLUMN = `
  -- SHA-256 of a message without an event id, and of how it came: the broker may deliver it again
  ALTER TABLE dead_letters ADD COLUMN fingerprint bytea;
  -- what was discarded is over: the same once more is something new
  CREATE UNIQUE INDEX dead_letters_fingerprint ON dead_letters (fingerprint) WHERE discarded_at IS NULL;
`
