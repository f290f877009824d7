import type { MigrationInterface, QueryRunner } from 'typeorm'

export class CatalogueSorts1763796000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(INDEXES)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX products_price, products_name')
  }
}

// neither holds what a sale changes: stock still moves without touching an index
const INDEXES = `
  CREATE INDEX products_price ON products (price_minor, id);
  CREATE INDEX products_name ON products (lower(name), id);
`
