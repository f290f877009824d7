import type { MigrationInterface, QueryRunner } from 'typeorm'

export class IdleAndGuestCarts1763797000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE guest_carts;
      ALTER TABLE cart_lines DROP COLUMN seen_price_minor, DROP COLUMN was_available, DROP COLUMN changed_at;
    `)
  }
}

const TABLES = `
  -- what the customer last agreed to; null: nobody knew a price then
  ALTER TABLE cart_lines
    ADD COLUMN seen_price_minor bigint,
    ADD COLUMN was_available boolean NOT NULL DEFAULT false,
    ADD COLUMN changed_at timestamptz NOT NULL DEFAULT now();
  CREATE INDEX cart_lines_changed ON cart_lines (changed_at);

  -- carts of people who have not logged in: whoever has the token has the cart
  CREATE TABLE guest_carts (
    token_hash bytea PRIMARY KEY,
    -- its lines are kept like those of a customer with this id
    cart_id uuid NOT NULL UNIQUE,
    merged_into uuid,
    created_at timestamptz NOT NULL DEFAULT now()
  );
  CREATE INDEX guest_carts_created ON guest_carts (created_at);
`
