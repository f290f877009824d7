import type { MigrationInterface, QueryRunner } from 'typeorm'

export class StockVersions1763880000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // how much there is came with the snapshots alone until now
    await runner.query(`
      ALTER TABLE products ADD COLUMN stock_version int NOT NULL DEFAULT 0;
      UPDATE products SET stock_version = version;
    `)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE products DROP COLUMN stock_version')
  }
}
