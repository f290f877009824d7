import type { MigrationInterface, QueryRunner } from 'typeorm'

export class Sessions1763710000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE refresh_tokens, sessions; ALTER TABLE users DROP COLUMN not_before')
  }
}

const TABLES = `
  -- no access token issued before is good any more
  ALTER TABLE users ADD COLUMN not_before timestamptz;
  CREATE INDEX users_called_back ON users (not_before) WHERE not_before IS NOT NULL;

  -- one login with everything that was ever issued for it
  CREATE TABLE sessions (
    id uuid PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES users,
    -- grows with every refresh
    generation int NOT NULL DEFAULT 1 CHECK (generation > 0),
    rotated_at timestamptz NOT NULL DEFAULT now(),
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz
  );
  CREATE INDEX sessions_of_user ON sessions (user_id) WHERE revoked_at IS NULL;
  CREATE INDEX sessions_revoked ON sessions (revoked_at) WHERE revoked_at IS NOT NULL;
  CREATE INDEX sessions_expiring ON sessions (expires_at);

  -- used ones too: that one of them comes again is how a theft shows
  CREATE TABLE refresh_tokens (
    sha256 bytea PRIMARY KEY CHECK (length(sha256) = 32),
    session_id uuid NOT NULL REFERENCES sessions ON DELETE CASCADE,
    generation int NOT NULL
  );
  CREATE INDEX refresh_tokens_of_session ON refresh_tokens (session_id);
`
