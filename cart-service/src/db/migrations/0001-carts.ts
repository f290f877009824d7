import type { MigrationInterface, QueryRunner } from 'typeorm'

export class Carts1763700000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE cart_orders, cart_lines, carts, products')
  }
}

const TABLES = `
  -- one row per customer: whoever changes the lines of a cart holds its lock
  CREATE TABLE carts (customer_id uuid PRIMARY KEY);

  CREATE TABLE cart_lines (
    customer_id uuid NOT NULL REFERENCES carts,
    product_id uuid NOT NULL,
    quantity int NOT NULL CHECK (quantity BETWEEN 1 AND 1000),
    added_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (customer_id, product_id)
  );

  CREATE TABLE cart_orders (
    order_id uuid PRIMARY KEY,
    customer_id uuid NOT NULL,
    state text NOT NULL DEFAULT 'absent' CHECK (state IN ('absent', 'taken', 'returned')),
    taken json NOT NULL DEFAULT '[]',
    updated_at timestamptz NOT NULL DEFAULT now()
  );

  -- replica of the catalogue; version 0: nothing was heard of the product yet
  CREATE TABLE products (
    product_id uuid PRIMARY KEY,
    version int NOT NULL DEFAULT 0,
    name text,
    price_minor bigint CHECK (price_minor BETWEEN 0 AND 1000000000000),
    currency text,
    available int NOT NULL DEFAULT 0 CHECK (available >= 0),
    is_deleted boolean NOT NULL DEFAULT false
  );
`
