import type { Databases } from './databases'
import { TellingsByOrder } from './effects'
import type { Findings } from './report'
import type { Told } from './sources'
import { daysAgo, floorOf, surelyKept } from './uuid-time'
import { events, heardBy, journalist, kept, publishers, type ServiceName } from './who-hears-what'

const SELECT_TOLD = `SELECT id, type, envelope ->> 'causationid' AS cause, envelope ->> 'subject' AS subject FROM outbox`

/** L1 to L4 over all events, some thousand at a time: none of them stays in memory. Answers what was told of each order. */
export async function auditEvents(
  databases: Databases,
  toldByHand: readonly Told[],
  findings: Findings,
): Promise<TellingsByOrder> {
  const tellings = new TellingsByOrder()
  const byHand = new Map(toldByHand.map((event) => [event.id, event]))
  const audit = new EventAudit(databases, byHand, findings)
  for (const publisher of publishers) {
    if (!databases.has(publisher)) continue
    for await (const told of databases.pages<Told>(publisher, SELECT_TOLD)) {
      for (const event of told) tellings.add(event)
      await audit.told(told, publisher)
    }
  }
  for (const event of byHand.values()) tellings.add(event)
  await audit.told([...byHand.values()], 'by hand')
  await audit.written()
  return tellings
}

class EventAudit {
  constructor(
    private readonly databases: Databases,
    private readonly byHand: ReadonlyMap<string, Told>,
    private readonly findings: Findings,
  ) {}

  async told(told: readonly Told[], by: ServiceName | 'by hand'): Promise<void> {
    if (told.length === 0) return
    for (const { id, type } of told)
      if (by !== 'by hand' && events[type]?.by !== by)
        this.findings.broken('L2', `${by} told ${type} ${id}: not its event`)
    await Promise.all([this.#inJournal(told), this.#caused(told), ...this.#heard(told)])
  }

  /** L1 */
  async #inJournal(told: readonly Told[]): Promise<void> {
    const missing = await this.databases.query<Told & { written: string | null }>(
      journalist,
      `SELECT told.*, j.type AS written
       FROM unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[]) AS told(id, type, subject, cause)
       LEFT JOIN journal j ON j.id = told.id AND j.id BETWEEN $5 AND $6
       WHERE (j.type, j.subject, j.causation_id) IS DISTINCT FROM (told.type, told.subject, told.cause)`,
      [
        told.map(({ id }) => id),
        told.map(({ type }) => type),
        told.map(({ subject }) => subject),
        told.map(({ cause }) => cause),
        ...rangeOf(told),
      ],
    )
    for (const { id, type, subject, written } of missing)
      this.findings.broken('L1', `${type} ${id} of ${subject} is ${written ? 'otherwise' : 'not'} in the journal`)
    this.findings.checked('L1', told.length)
  }

  /** L3 */
  async #caused(told: readonly Told[]): Promise<void> {
    const causes = told.flatMap(({ cause }) => (cause && !this.byHand.has(cause) ? [cause] : []))
    let unknown = [...new Set(causes)]
    for (const service of [...publishers, journalist]) {
      if (unknown.length === 0 || !this.databases.has(service)) continue
      unknown = await this.#missingIn(service, service === journalist ? 'journal' : 'outbox', unknown)
    }
    const lost = new Set(unknown)
    for (const { id, type, subject, cause } of told)
      if (cause && lost.has(cause))
        this.findings.broken('L3', `${type} ${id} of ${subject} was caused by ${cause}, which nobody told`)
    this.findings.checked('L3', told.length)
  }

  async #missingIn(service: ServiceName, table: 'journal' | 'outbox', ids: readonly string[]): Promise<string[]> {
    const rows = await this.databases.query<{ id: string }>(
      service,
      `SELECT id FROM unnest($1::uuid[]) AS wanted(id) WHERE NOT EXISTS (SELECT FROM ${table} t WHERE t.id = wanted.id)`,
      [ids],
    )
    return rows.map(({ id }) => id)
  }

  /** L4 */
  #heard(told: readonly Told[]): Promise<void>[] {
    return this.databases.services.map(async (service) => {
      const concerned = told.filter(({ type }) => heardBy(type).includes(service))
      if (concerned.length === 0) return
      const types = new Map(concerned.map((event) => [event.id, event]))
      const odd = await this.databases.query<{ id: string; times: number }>(service, HANDLED, [
        [...types.keys()],
        ...rangeOf(concerned),
      ])
      for (const { id, times } of odd) {
        const { type, subject } = types.get(id) ?? { type: 'event', subject: 'unknown' }
        const handled = times === 0 ? 'has not handled' : `has ${times} records of`
        this.findings.broken('L4', `${service} ${handled} ${type} ${id} of ${subject}`)
      }
      this.findings.checked('L4', concerned.length)
    })
  }

  /** L2: as far back as no outbox has dropped a day. */
  async written(): Promise<void> {
    type Written = Told & { source: string }
    const select = 'SELECT id, type, source, subject FROM journal'
    const personalSince = floorOf(daysAgo(kept.personalOutbox - 1 / 24))
    const since = floorOf(surelyKept(kept.outbox))
    for await (const rows of this.databases.pages<Written>(journalist, select, { since })) {
      const due = rows.filter(({ id, type }) => !events[type]?.isPersonal || id >= personalSince)
      for (const source of new Set(due.map((row) => row.source)))
        await this.#toldBy(
          source,
          due.filter((row) => row.source === source && !this.byHand.has(row.id)),
        )
      this.findings.checked('L2', rows.length)
    }
  }

  async #toldBy(source: string, written: readonly Told[]): Promise<void> {
    const publisher = publishers.find((one) => one === source)
    if (written.length === 0 || (publisher && !this.databases.has(publisher))) return
    const ids = written.map(({ id }) => id)
    const ghosts = new Set(publisher ? await this.#missingIn(publisher, 'outbox', ids) : ids)
    for (const { id, type, subject } of written)
      if (ghosts.has(id))
        this.findings.broken('L2', `the journal has ${type} ${id} of ${subject}, which ${source} never told`)
  }
}

const HANDLED = `
  SELECT told.id, (i.id IS NOT NULL)::int + (p.event_id IS NOT NULL)::int + (d.event_id IS NOT NULL)::int AS times
  FROM unnest($1::uuid[]) AS told(id)
  LEFT JOIN inbox i ON i.id = told.id AND i.id BETWEEN $2 AND $3
  LEFT JOIN parked p ON p.event_id = told.id
  LEFT JOIN dead_letters d ON d.event_id = told.id
  WHERE (i.id IS NOT NULL)::int + (p.event_id IS NOT NULL)::int + (d.event_id IS NOT NULL)::int <> 1`

/** Least and greatest id: they name the partitions to look at. */
function rangeOf(told: readonly Told[]): [string, string] {
  let [least, greatest] = [told[0]?.id ?? '', told[0]?.id ?? '']
  for (const { id } of told) {
    if (id < least) least = id
    if (id > greatest) greatest = id
  }
  return [least, greatest]
}
