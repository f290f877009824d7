import { ConfigError, type Database } from '@order-saga/common'
import { checkDurability } from '../src/db/durability'

/** What a server answers that no test server is: started that way. */
const answering = (settings: Record<string, string>): Pick<Database, 'query'> => ({
  query: async <Row>() => Object.entries(settings).map(([name, setting]) => ({ name, setting })) as Row[],
})
const durable = { fsync: 'on', full_page_writes: 'on', synchronous_commit: 'on' }

it('a server that waits for its disk is good enough', async () => {
  await checkDurability(answering(durable))
})

it.each(['fsync', 'full_page_writes', 'synchronous_commit'])(
  'a server with %s off is refused by name',
  async (name) => {
    const refusal = checkDurability(answering({ ...durable, [name]: 'off' }))
    await expect(refusal).rejects.toThrow(ConfigError)
    await expect(refusal).rejects.toThrow(`SHOP_DATABASE_URL leads to a server with ${name} off`)
  },
)
