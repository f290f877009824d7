import type { MigrationInterface, QueryRunner } from 'typeorm'

export class Catalogue1763700000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES)
    await runner.query(RIGHTS)
  }

  async down(): Promise<void> {
    throw new Error('stock and reservations are facts about money and goods: restore a backup instead')
  }
}

const TABLES = `
  -- half-filled pages: a stock change then stays on its page and touches no index
  CREATE TABLE products (
    id uuid PRIMARY KEY,
    sku text NOT NULL UNIQUE,
    name text NOT NULL,
    description text NOT NULL,
    category text NOT NULL,
    price_minor bigint NOT NULL CHECK (price_minor >= 0),
    currency text NOT NULL,
    available int NOT NULL CHECK (available >= 0),
    reserved int NOT NULL DEFAULT 0 CHECK (reserved >= 0),
    sold int NOT NULL DEFAULT 0 CHECK (sold >= 0),
    is_active boolean NOT NULL DEFAULT true,
    deleted_at timestamptz,
    version int NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now()
  ) WITH (fillfactor = 50);
  CREATE INDEX products_category ON products (category, id);

  CREATE TABLE reservations (
    order_id uuid PRIMARY KEY,
    state text NOT NULL DEFAULT 'absent' CHECK (state IN ('absent', 'reserved', 'rejected', 'released', 'sold')),
    customer_id uuid,
    lines json,
    total_minor bigint CHECK (total_minor >= 0),
    currency text,
    reason text,
    details json,
    payment_token text,
    deadline_at timestamptz,
    answer_id uuid,
    next_ask_at timestamptz,
    asks int NOT NULL DEFAULT 0,
    correlation_id uuid,
    causation_id uuid,
    traceparent text,
    version int NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    CHECK (state <> 'reserved' OR (lines IS NOT NULL AND total_minor IS NOT NULL AND deadline_at IS NOT NULL AND next_ask_at IS NOT NULL)),
    -- a token that can still open something is kept only while somebody may need it
    CHECK (state = 'reserved' OR payment_token IS NULL)
  ) WITH (fillfactor = 70);
  CREATE INDEX reservations_to_ask ON reservations (next_ask_at) WHERE state = 'reserved';

  -- no foreign keys: every row is written under a lock on its product, and products are never removed
  CREATE TABLE stock_movements (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    product_id uuid NOT NULL,
    kind text NOT NULL CHECK (kind IN ('initial', 'restock', 'adjust', 'reserve', 'release', 'sell')),
    quantity int NOT NULL CHECK (quantity > 0 OR kind = 'adjust' OR (kind = 'initial' AND quantity = 0)),
    order_id uuid,
    reason text,
    at timestamptz NOT NULL DEFAULT now(),
    CHECK ((order_id IS NULL) = (kind IN ('initial', 'restock', 'adjust')))
  );
  -- whatever goes wrong above, stock is not taken, given back or sold twice for one order
  CREATE UNIQUE INDEX stock_movements_once ON stock_movements (order_id, product_id, kind) WHERE order_id IS NOT NULL;
  CREATE INDEX stock_movements_by_hand ON stock_movements (product_id, id) WHERE order_id IS NULL;

  CREATE TABLE price_history (
    product_id uuid NOT NULL,
    price_minor bigint NOT NULL CHECK (price_minor >= 0),
    -- the moment of the write, under the product's lock; now() would be that of BEGIN and could step back
    valid_from timestamptz NOT NULL DEFAULT clock_timestamp(),
    -- null: the shop itself, when it was first set up
    changed_by uuid,
    PRIMARY KEY (product_id, valid_from)
  );

  CREATE TABLE idempotency_keys (
    caller uuid NOT NULL,
    route text NOT NULL,
    key text NOT NULL,
    fingerprint text NOT NULL,
    response json,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (caller, route, key)
  );

  CREATE TABLE seeds (name text PRIMARY KEY, id uuid NOT NULL, sown_at timestamptz NOT NULL DEFAULT now());
`

const RIGHTS = `
  -- append-only: what happened to stock and prices cannot be rewritten by the application
  REVOKE UPDATE, DELETE, TRUNCATE ON stock_movements, price_history FROM product_service_app;
  -- a product that was ever sold stays on record
  REVOKE DELETE, TRUNCATE ON products, reservations, seeds FROM product_service_app;
`
