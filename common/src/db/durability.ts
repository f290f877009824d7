import { ConfigError } from '../config/read-config'
import type { Database } from './database'
import { classify } from './errors'
import { statement } from './tx'

const show = statement<{ name: string; setting: string }>(
  'durability',
  `SELECT name, setting FROM pg_settings WHERE name IN ('fsync', 'synchronous_commit', 'full_page_writes')`,
)

/** Refuses a server that forgets commits in a crash. One that is away is asked no questions: we start and wait. */
export async function checkDurability(database: Pick<Database, 'query'>): Promise<void> {
  let rows: { name: string; setting: string }[]
  try {
    rows = await database.query(show)
  } catch (error) {
    if (classify(error) === 'infrastructure') return
    throw error
  }
  const unsafe = rows.filter(({ setting }) => setting === 'off').map(({ name }) => name)
  if (unsafe.length > 0) throw new ConfigError([`SHOP_DATABASE_URL leads to a server with ${unsafe.join(' and ')} off`])
}
