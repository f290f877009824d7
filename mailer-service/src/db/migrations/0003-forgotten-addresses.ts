import type { MigrationInterface, QueryRunner } from 'typeorm'

export class ForgottenAddresses1763720000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- both NULL: forgotten; the row stays, so that no late event brings the address back
      ALTER TABLE addresses ALTER COLUMN email DROP NOT NULL, ALTER COLUMN name DROP NOT NULL,
        ADD CHECK ((email IS NULL) = (name IS NULL));
      CREATE INDEX addresses_forgotten ON addresses (user_id) WHERE email IS NULL;
    `)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX addresses_forgotten;
      DELETE FROM addresses WHERE email IS NULL;
      ALTER TABLE addresses ALTER COLUMN email SET NOT NULL, ALTER COLUMN name SET NOT NULL,
        DROP CONSTRAINT addresses_check;
    `)
  }
}
