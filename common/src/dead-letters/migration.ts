import type { MigrationInterface, QueryRunner } from 'typeorm'

/** What people did about dead letters: rows are added and never changed, the application role has no right to. */
export class DeadLetterActions1763610000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES)
  }

  async down(): Promise<void> {
    throw new Error('who did what must not be forgotten: restore a backup instead')
  }
}

const TABLES = `
  -- a discarded letter stays, so that a duplicate of its event is not taken for something new
  ALTER TABLE dead_letters ADD COLUMN discarded_at timestamptz;

  CREATE TABLE dead_letter_actions (
    id uuid PRIMARY KEY,
    -- a redriven letter is gone: what it was is written here
    letter_id uuid NOT NULL,
    event_id uuid,
    type text,
    reason text NOT NULL,
    action text NOT NULL CHECK (action IN ('redrive', 'discard')),
    actor uuid NOT NULL,
    why text NOT NULL,
    outcome text NOT NULL CHECK (outcome IN ('parked', 'duplicate', 'refused', 'discarded')),
    acted_at timestamptz NOT NULL DEFAULT now()
  );
  CREATE INDEX dead_letter_actions_letter ON dead_letter_actions (letter_id);
  CREATE INDEX dead_letter_actions_event ON dead_letter_actions (event_id);
`
