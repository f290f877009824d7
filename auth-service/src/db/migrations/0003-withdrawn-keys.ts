import type { MigrationInterface, QueryRunner } from 'typeorm'

export class WithdrawnKeys1763720000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(COLUMNS)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE signing_keys DROP COLUMN withdrawn_at')
  }
}

const COLUMNS = `
  -- stolen, perhaps: not published any more, and retired since then at the latest
  ALTER TABLE signing_keys ADD COLUMN withdrawn_at timestamptz
    CHECK (withdrawn_at IS NULL OR retired_at <= withdrawn_at);
`
