import type { MigrationInterface, QueryRunner } from 'typeorm'

export class Orders1763700000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE orders (
        id uuid PRIMARY KEY,
        customer_id uuid NOT NULL,
        status text NOT NULL CHECK (status IN ('pending', 'paid', 'cancelled')),
        lines json NOT NULL,
        total_minor bigint CHECK (total_minor >= 0),
        currency text NOT NULL,
        expected_total_minor bigint,
        payment_token text NOT NULL,
        from_cart boolean NOT NULL,
        deadline_at timestamptz NOT NULL,
        reason text,
        details json NOT NULL DEFAULT '{}',
        refund text NOT NULL DEFAULT 'none' CHECK (refund IN ('none', 'due', 'done')),
        created_event_id uuid NOT NULL,
        verdict_event_id uuid,
        version int NOT NULL DEFAULT 1,
        idempotency_key text,
        fingerprint bytea NOT NULL,
        correlation_id uuid NOT NULL,
        traceparent text,
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        -- when the verdict was last told again because money is owed; no change of the order
        reminded_at timestamptz,
        CHECK ((status = 'pending') = (verdict_event_id IS NULL)),
        CHECK (status <> 'paid' OR total_minor IS NOT NULL)
      ) WITH (fillfactor = 70)
    `)
    // the key stays unique for ever: a retry years later still finds its order
    await runner.query(
      'CREATE UNIQUE INDEX orders_by_key ON orders (customer_id, idempotency_key) WHERE idempotency_key IS NOT NULL',
    )
    await runner.query('CREATE INDEX orders_of_customer ON orders (customer_id, id)')
    // not "WHERE status = 'pending'": an index that depends on the status makes every verdict write all indexes
    await runner.query('CREATE INDEX orders_by_deadline ON orders (deadline_at)')
    await runner.query(`CREATE INDEX orders_owing ON orders (id) WHERE refund = 'due'`)
    await runner.query(`
      CREATE TABLE order_transitions (
        order_id uuid NOT NULL,
        version int NOT NULL,
        from_status text,
        to_status text NOT NULL,
        refund text NOT NULL,
        reason text,
        caused_by uuid,
        at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (order_id, version)
      )
    `)
    await runner.query('REVOKE UPDATE, DELETE ON order_transitions FROM order_service_app')
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE order_transitions, orders')
  }
}
