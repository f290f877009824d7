import type { MigrationInterface, QueryRunner } from 'typeorm'

export class PasswordResets1763730000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE password_resets')
  }
}

const TABLES = `
  CREATE TABLE password_resets (
    id uuid PRIMARY KEY,
    user_id uuid NOT NULL REFERENCES users,
    -- of the code, which is in one mail and nowhere else
    sha256 bytea NOT NULL UNIQUE CHECK (length(sha256) = 32),
    created_at timestamptz NOT NULL DEFAULT now(),
    -- brought forward to now when a newer code or a new password makes this one void
    expires_at timestamptz NOT NULL,
    used_at timestamptz
  );
  CREATE INDEX password_resets_of_user ON password_resets (user_id, created_at);
  CREATE INDEX password_resets_by_age ON password_resets (created_at);
`
