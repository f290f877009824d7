import { migrate, type Participant } from '@order-saga/common'
import { type TestDatabase, testDatabase } from '@order-saga/common/testing'
import pg from 'pg'
import type { MigrationInterface, QueryRunner } from 'typeorm'

class Parcels1790000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE parcels (id uuid PRIMARY KEY)')
  }

  async down(): Promise<void> {}
}

class Addresses1780000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE addresses (id uuid PRIMARY KEY)')
  }

  async down(): Promise<void> {}
}

const participant: Participant = { service: 'order-service', reacts: [], reactions: [], migrations: [] }

let database: TestDatabase
let owner: pg.Client
beforeEach(async () => {
  database = await testDatabase(participant)
  owner = new pg.Client({ connectionString: database.ownerUrl })
  await owner.connect()
})
afterEach(async () => {
  await owner.end()
  await database.drop()
})

test('a schema is changed once, however many begin at the same time', async () => {
  const change = () => migrate('order-service', database.ownerUrl, [Parcels1790000000000])
  const ran = await Promise.all([change(), change(), change()])
  expect(ran.sort()).toEqual([0, 0, 1])
})

test('a schema that a newer version has made is refused as it is', async () => {
  await migrate('order-service', database.ownerUrl, [Parcels1790000000000])
  await expect(migrate('order-service', database.ownerUrl, [Addresses1780000000000])).rejects.toThrow(
    'the schema of order-service is newer than this version, which does not know Parcels1790000000000',
  )
  const { rows } = await owner.query(`SELECT to_regclass('addresses') AS addresses`)
  expect(rows).toEqual([{ addresses: null }])
})
