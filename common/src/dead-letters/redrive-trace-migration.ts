import type { MigrationInterface, QueryRunner } from 'typeorm'

export class RedriveTraces1763650000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // trace context of the request that had an event tried once more, to which the trace of the event then points
    await runner.query('ALTER TABLE parked ADD COLUMN redriven_under text')
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE parked DROP COLUMN redriven_under')
  }
}
