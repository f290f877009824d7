import type { MigrationInterface, QueryRunner } from 'typeorm'

export class MovementAuthors1763780000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(AUTHORS)
  }

  async down(): Promise<void> {
    throw new Error('who moved stock cannot be found out again: restore a backup instead')
  }
}

const AUTHORS = `
  -- null: an order, or the shop itself when it was first set up
  ALTER TABLE stock_movements ADD COLUMN changed_by uuid CHECK (changed_by IS NULL OR order_id IS NULL);
`
