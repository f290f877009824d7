import type { MigrationInterface, QueryRunner } from 'typeorm'

export class Payments1763700000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(PAYMENTS)
    await runner.query(TRANSITIONS)
  }

  async down(): Promise<void> {
    throw new Error('payments say where money is: restore a backup instead')
  }
}

const PAYMENTS = `
  CREATE TABLE payments (
    order_id uuid PRIMARY KEY,
    state text NOT NULL DEFAULT 'absent'
      CHECK (state IN ('absent', 'charging', 'captured', 'settled', 'failed', 'voided', 'refunding', 'refunded')),
    cancel boolean NOT NULL DEFAULT false,
    customer_id uuid,
    lines json,
    total_minor bigint CHECK (total_minor >= 0),
    currency text,
    payment_token text,
    deadline_at timestamptz,
    reason text,
    charge_id text,
    refund_by text CHECK (refund_by IN ('cancellation', 'administrator')),
    refund_reason text,
    answer_id uuid,
    refund_answer_id uuid,
    needs_attention text,

    -- one key for all attempts ever: what makes a second call the same call
    charge_key text NOT NULL GENERATED ALWAYS AS ('ch_' || order_id::text) STORED,
    refund_key text NOT NULL GENERATED ALWAYS AS ('ref_' || order_id::text) STORED,
    attempts int NOT NULL DEFAULT 0,
    first_called_at timestamptz,
    -- pushed past the end of a call while somebody makes it: nobody else calls meanwhile, and a crash is picked up
    next_attempt_at timestamptz,
    last_error text,
    asks int NOT NULL DEFAULT 0,
    next_ask_at timestamptz,

    correlation_id uuid NOT NULL,
    traceparent text,
    cause_id uuid,
    version int NOT NULL DEFAULT 0,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),

    CHECK (state IN ('absent', 'voided') OR num_nulls(customer_id, lines, total_minor, currency, deadline_at) = 0),
    CHECK (payment_token IS NULL OR state = 'charging'),
    CHECK (charge_id IS NOT NULL OR state NOT IN ('captured', 'settled', 'refunding', 'refunded')),
    CHECK ((next_attempt_at IS NOT NULL) = (state IN ('charging', 'refunding'))),
    CHECK ((next_ask_at IS NOT NULL) = (state = 'captured'))
  );
  CREATE INDEX payments_calls ON payments (next_attempt_at) WHERE next_attempt_at IS NOT NULL;
  CREATE INDEX payments_asks ON payments (next_ask_at) WHERE next_ask_at IS NOT NULL;
  CREATE INDEX payments_attention ON payments (order_id) WHERE needs_attention IS NOT NULL;
  CREATE INDEX payments_of_customer ON payments (customer_id, order_id) WHERE customer_id IS NOT NULL;
`

const TRANSITIONS = `
  CREATE TABLE payment_transitions (
    order_id uuid NOT NULL,
    version int NOT NULL,
    from_state text NOT NULL,
    to_state text NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    cause text NOT NULL,
    PRIMARY KEY (order_id, version)
  );
  REVOKE UPDATE, DELETE, TRUNCATE ON payment_transitions FROM payment_service_app;
`
