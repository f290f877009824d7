import { type Contract, catalogue, type Envelope, type Id, newId, type ServiceName } from '@order-saga/common'
import type { Options } from 'amqplib'
import fc from 'fast-check'
import { CONTENT_TYPE } from '../../../../common/src/contracts/envelope'
import { mutated } from './mutations'
import { ids, type Schema, valuesOf } from './values'

export type Properties = { [K in keyof Options.Publish]?: Options.Publish[K] | undefined }

/** A message on its way to whoever reads its type, sent by the type's publisher or by a stranger with every right. */
export interface Message {
  readonly sender: ServiceName | 'stranger'
  readonly routingKey: string
  readonly body: Buffer
  readonly properties: Properties
}

const times = fc.constantFrom('2024-01-01T00:00:00Z', '2026-11-21T10:00:00.000Z', '2027-01-01T00:00:00+01:00')

/** What its publisher might tell: any payload the contract allows, in a good envelope. */
const eventsOf = (contract: Contract): fc.Arbitrary<Envelope> =>
  fc
    .record({ id: ids, correlationid: ids, causationid: fc.option(ids, { nil: undefined }), time: times })
    .chain((attributes) =>
      valuesOf(contract.payload as Schema).map((data) => ({
        ...attributes,
        specversion: '1.0',
        source: contract.publisher,
        type: contract.type,
        subject: (data as Record<string, string>)[contract.subject] as string,
        dataschema: contract.dataschema,
        data,
      })),
    ) as fc.Arbitrary<Envelope>

const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value))
const lone = (id: unknown): Properties => ({
  contentType: CONTENT_TYPE.lone,
  messageId: typeof id === 'string' ? id.slice(0, 60) : newId(),
})
const batch = (): Properties => ({ contentType: CONTENT_TYPE.batch, messageId: newId() })

type Content = Pick<Message, 'body' | 'properties'>

const good = (contract: Contract): fc.Arbitrary<Content> =>
  eventsOf(contract).map((event) => ({ body: json(event), properties: lone(event.id) }))

const wrong = (contract: Contract): fc.Arbitrary<Content> =>
  eventsOf(contract)
    .chain(mutated)
    .map(({ body, id }) => ({ body, properties: lone(id) }))

const several = (contract: Contract): fc.Arbitrary<Content> => {
  const one = fc.oneof(
    eventsOf(contract).map((event) => JSON.stringify(event)),
    eventsOf(contract)
      .chain(mutated)
      .map(({ body }) => body.toString()),
  )
  return fc
    .array(one, { minLength: 1, maxLength: 6 })
    .map((events) => ({ body: Buffer.from(`[${events.join(',')}]`), properties: batch() }))
}

const noise: fc.Arbitrary<Content> = fc
  .oneof(
    fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
    fc.json().map((text) => Buffer.from(text)),
    fc.constantFrom('', '[]', 'null', '[null]', '[[]]', '{}', '"', '\ufeff{}', '['.repeat(9_999)).map(Buffer.from),
  )
  .chain((body) => fc.constantFrom(lone(newId()), batch()).map((properties) => ({ body, properties })))

// the broker itself closes the channel of whoever sets these to anything but lists of keys
const headerNames = fc.string({ maxLength: 20 }).filter((name) => name !== 'CC' && name !== 'BCC')

const oddProperties: fc.Arbitrary<Properties> = fc.oneof(
  fc.constantFrom<Properties>(
    { contentType: undefined },
    { contentType: 'application/json' },
    { contentType: `${CONTENT_TYPE.lone}; charset=utf-8` },
    { contentType: 'text/plain\u0000' },
    { contentEncoding: 'gzip' },
    { messageId: undefined },
    { messageId: '\u0000' },
    { expiration: '0' },
    { expiration: '86400000' },
    { priority: 255 },
    { type: 'order.paid', appId: 'payment-service', correlationId: '\u0000' },
    { timestamp: 2 ** 40 },
    { deliveryMode: 1 },
  ),
  fc
    .dictionary(
      headerNames,
      fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null), fc.array(fc.string(), { maxLength: 3 })),
    )
    .map((headers) => ({ headers })),
  fc.constantFrom(1, 3, 5, 99, -1, 'many').map((count) => ({ headers: { 'x-delivery-count': count } })),
)

const inOddProperties = (contract: Contract): fc.Arbitrary<Content> =>
  fc.tuple(good(contract), oddProperties).map(([{ body, properties }, odd]) => ({
    body,
    properties: { ...properties, ...odd },
  }))

const contentsOf = (contract: Contract) =>
  fc.oneof(
    { weight: 4, arbitrary: good(contract) },
    { weight: 7, arbitrary: wrong(contract) },
    { weight: 3, arbitrary: several(contract) },
    { weight: 2, arbitrary: noise },
    { weight: 3, arbitrary: inOddProperties(contract) },
  )

const messagesOf = (contract: Contract): fc.Arbitrary<Message> =>
  fc
    .tuple(contentsOf(contract), fc.constantFrom(...Array(15).fill(contract.publisher), 'stranger'))
    .map(([content, sender]) => ({ ...content, sender, routingKey: contract.type }))

/** So many messages that reach a service which hears `types`, some of them twice. The same for the same seed. */
export function messagesFor(types: ReadonlySet<string>, count: number, seed: number): Message[] {
  const contracts = catalogue.filter(({ type }) => types.has(type))
  const messages = fc.sample(fc.oneof(...contracts.map(messagesOf)), { numRuns: count, seed })
  return messages.map((message, n) => (n % 25 === 24 ? (messages[n - 20] ?? message) : message))
}

/** Ids of the events a message holds, as far as anybody can tell; undefined stands for one without. */
export function eventIdsIn({ body, properties }: Message): (Id | undefined)[] {
  try {
    const content: unknown = JSON.parse(body.toString())
    const isBatch = properties.contentType === CONTENT_TYPE.batch && Array.isArray(content)
    const ids = (isBatch ? content : [content]).map((event) => event?.id)
    return ids.map((id) => (typeof id === 'string' ? id : undefined))
  } catch {
    return [undefined]
  }
}

/** For a person who has to find out what is special about it. */
export const describeMessage = ({ sender, routingKey, properties, body }: Message): string =>
  `${routingKey} of ${sender} with ${JSON.stringify(properties)}: ${body.toString().slice(0, 2_000)}`
