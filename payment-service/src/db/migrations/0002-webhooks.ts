import type { MigrationInterface, QueryRunner } from 'typeorm'

export class Webhooks1763760000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(WEBHOOKS)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE provider_webhooks')
  }
}

const WEBHOOKS = `
  CREATE TABLE provider_webhooks (
    -- the provider's own: what makes a repeat recognisable
    id text PRIMARY KEY,
    received_at timestamptz NOT NULL DEFAULT now()
  );
  CREATE INDEX provider_webhooks_age ON provider_webhooks (received_at);
`
