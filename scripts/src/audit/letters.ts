import type { Databases } from './databases'
import type { Facts, Order } from './facts'
import { type Mail, type MailKind, mailKinds } from './mails'
import type { Findings } from './report'
import type { Expectations } from './sources'

interface Person {
  readonly email: string
  /** 1: never changed. */
  readonly version: number
}

/** E1 and E2: customers were told how their orders ended. */
export async function auditLetters(
  databases: Databases,
  { orders, payments, mails }: Facts,
  { mailerKills = 0, refusedMails = 0 }: Expectations,
  findings: Findings,
): Promise<void> {
  const [people, refused, resends] = await Promise.all([
    readPeople(databases),
    readRefused(databases),
    readResends(databases),
  ])
  // the mail server says how many it refused; which ones, only the mailer knows
  const excused = refused.size <= refusedMails ? refused : new Set<string>()
  for (const order of orders.values()) {
    if (order.status === 'pending') continue
    const arrived = mails.get(order.id) ?? []
    const wanted = wantedFor(order, payments.get(order.id)?.state === 'refunded')
    hasTheRightKinds(order, wanted, arrived, { excused, findings })
    for (const kind of mailKinds)
      isOneLetter(order, kind, arrived, { mailerKills, resends: resends.get(`${kind} ${order.id}`) ?? 0, findings })
    for (const mail of arrived) concernsItsReader(order, mail, people.get(order.customerId), findings)
  }
  for (const orderId of mails.keys())
    if (!orders.has(orderId)) findings.broken('E1', `a mail tells of order ${orderId}, which does not exist`)
  findings.checked('E1', orders.size)
  findings.checked(
    'E2',
    [...mails.values()].reduce((sum, some) => sum + some.length, 0),
  )
}

const wantedFor = ({ status }: Order, isRefunded: boolean): MailKind[] => [
  status === 'paid' ? 'receipt' : 'cancellation',
  ...(isRefunded ? (['refund'] as const) : []),
]

function hasTheRightKinds(
  { id, status }: Order,
  wanted: readonly MailKind[],
  arrived: readonly Mail[],
  { excused, findings }: { excused: ReadonlySet<string>; findings: Findings },
): void {
  const kinds = new Set(arrived.map(({ kind }) => kind))
  for (const kind of wanted)
    if (!kinds.has(kind) && !excused.has(`${kind} ${id}`))
      findings.broken('E1', `${status} order ${id}: no ${kind} arrived`)
  for (const kind of kinds)
    if (!wanted.includes(kind)) findings.broken('E1', `${status} order ${id}: a ${kind} arrived`)
}

/**
 * What the mailer had in hand when it was killed is sent again: each such mail once more for each kill. An administrator
 * may have had it sent once more, as another mail.
 */
function isOneLetter(
  { id }: Order,
  kind: MailKind,
  arrived: readonly Mail[],
  { mailerKills, resends, findings }: { mailerKills: number; resends: number; findings: Findings },
): void {
  const some = arrived.filter((mail) => mail.kind === kind)
  const ids = new Set(some.map(({ messageId }) => messageId))
  if (ids.size > 1 + resends)
    findings.broken('E2', `order ${id}: ${some.length} times ${kind} as different mails: ${[...ids]}`)
  if (some.length > 1 + resends + mailerKills)
    findings.broken('E2', `order ${id}: ${some.length} times ${kind}; the mailer lost its work ${mailerKills} times`)
}

function concernsItsReader({ id }: Order, { kind, to }: Mail, person: Person | undefined, findings: Findings): void {
  const isTheirs = to.length === 1 && to[0]?.toLowerCase() === person?.email
  // an address may have changed since
  const mayHaveBeen = to.length === 1 && person !== undefined && person.version > 1
  if (!isTheirs && !mayHaveBeen) findings.broken('E2', `order ${id}: the ${kind} went to somebody else`)
}

/** Everybody's address: of accounts where there are any, and of closed ones what the mailer remembers. */
async function readPeople(databases: Databases): Promise<Map<string, Person>> {
  type Row = Person & { id: string }
  const people = new Map<string, Person>()
  const add = async (pages: AsyncIterable<Row[]>) => {
    for await (const rows of pages) for (const { id, email, version } of rows) people.set(id, { email, version })
  }
  await add(
    databases.pages<Row & { user_id: string }>(
      'mailer-service',
      'SELECT user_id, user_id AS id, lower(email) AS email, version FROM addresses',
      { key: 'user_id' },
    ),
  )
  if (databases.has('auth-service'))
    await add(databases.pages<Row>('auth-service', 'SELECT id, lower(email) AS email, version FROM users'))
  return people
}

async function readResends(databases: Databases): Promise<Map<string, number>> {
  const sql = `SELECT kind, subject_id, resends FROM mails WHERE resends > 0 AND channel = 'mail'`
  const rows = await databases.query<{ kind: string; subject_id: string; resends: number }>('mailer-service', sql)
  return new Map(rows.map(({ kind, subject_id, resends }) => [`${kind} ${subject_id}`, resends]))
}

async function readRefused(databases: Databases): Promise<Set<string>> {
  const sql = `SELECT kind, subject_id FROM mails WHERE state = 'failed' AND channel = 'mail'`
  const rows = await databases.query<{ kind: string; subject_id: string }>('mailer-service', sql)
  return new Set(rows.map(({ kind, subject_id }) => `${kind} ${subject_id}`))
}
