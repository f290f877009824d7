import type { Envelope, Id, ServiceName } from '@order-saga/common'
import { eventually } from '@order-saga/common/testing'
import { participants } from '@order-saga/scripts/participants'
import { replay } from '@order-saga/scripts/replay/replay'
import type { TestShop } from './test-shop'

type Told = Pick<Envelope, 'id' | 'type'>

async function allTold({ premises, publishers, services }: TestShop): Promise<Told[]> {
  const each = services.map((service) => premises.query<Told>(service, 'SELECT id, type FROM outbox'))
  return [...(await Promise.all(each)).flat(), ...publishers.byHand.values()]
}

async function unheardBy(shop: TestShop, service: ServiceName, told: readonly Told[]): Promise<Id[]> {
  const participant = participants.find((one) => one.service === service)
  const concerns = ({ type }: Told) => participant?.hearsEverything || participant?.reacts.includes(type)
  const unheard = await shop.premises.query<{ id: Id }>(
    service,
    `SELECT id FROM unnest($1::uuid[]) AS told(id) WHERE NOT EXISTS (SELECT FROM inbox WHERE inbox.id = told.id)
       AND NOT EXISTS (SELECT FROM dead_letters WHERE event_id = told.id)`,
    [told.filter(concerns).map(({ id }) => id)],
  )
  return unheard.map(({ id }) => id)
}

/**
 * Resolves when everybody has handled everything that was ever told, and nothing new was told meanwhile. Timers and
 * the provider may still have their say.
 */
export const quiet = (shop: TestShop, timeoutMs = 60_000): Promise<void> =>
  eventually(async () => {
    const told = await allTold(shop)
    for (const service of shop.services) {
      const unheard = await unheardBy(shop, service, told)
      if (unheard.length > 0) {
        const types = new Set(told.filter(({ id }) => unheard.includes(id)).map(({ type }) => type))
        throw new Error(`${service} has not handled ${unheard.length} events: ${[...types]}`)
      }
      const unsent = await shop.premises.query(service, 'SELECT FROM outbox_unsent')
      if (unsent.length > 0) throw new Error(`${service} has ${unsent.length} unsent events`)
    }
    if ((await allTold(shop)).length !== told.length) throw new Error('something new was told')
  }, timeoutMs)

/**
 * Resolves when every mail that can be written is sent, and the provider has answered everything. A mail whose sender
 * was killed waits for the end of its lease: 30 s.
 */
export const settled = ({ premises }: TestShop, timeoutMs = 90_000): Promise<void> =>
  eventually(async () => {
    const mails = await premises.query(
      'mailer-service',
      `SELECT FROM mails JOIN addresses USING (user_id) WHERE state = 'due'`,
    )
    if (mails.length > 0) throw new Error(`${mails.length} mails are due`)
    const payments = await premises.query(
      'payment-service',
      `SELECT state, cancel, attempts, last_error, next_attempt_at - now() AS wait FROM payments
       WHERE state IN ('charging', 'captured', 'refunding') AND needs_attention IS NULL`,
    )
    if (payments.length > 0) throw new Error(`payments are open: ${JSON.stringify(payments)}`)
  }, timeoutMs)

const ALWAYS = { since: new Date(0), until: new Date('9999-01-01T00:00Z') }

/** What `npm run replay` does, for everything that was ever told: every service sends it again, with the same ids. */
export async function replayEverything({ premises, services }: TestShop): Promise<void> {
  await replay(
    services.map((service) => ({ service, url: premises.databaseUrl(service) })),
    ALWAYS,
  )
}
