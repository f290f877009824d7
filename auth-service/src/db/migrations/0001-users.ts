import type { MigrationInterface, QueryRunner } from 'typeorm'

export class Users1763700000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE signing_keys, users')
  }
}

const TABLES = `
  CREATE TABLE users (
    id uuid PRIMARY KEY,
    email text NOT NULL UNIQUE CHECK (email = lower(btrim(email))),
    name text NOT NULL,
    password_hash text NOT NULL,
    role text NOT NULL CHECK (role IN ('customer', 'admin')),
    version int NOT NULL DEFAULT 1 CHECK (version > 0),
    created_at timestamptz NOT NULL DEFAULT now()
  );
  CREATE INDEX administrators ON users (id) WHERE role = 'admin';

  CREATE TABLE signing_keys (
    kid uuid PRIMARY KEY,
    -- PKCS#8, encrypted with a passphrase that is not in this database
    private_key_pem text NOT NULL,
    public_jwk jsonb NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    -- signs nothing any more; stays published until its last token has expired
    retired_at timestamptz
  );
`
