import {
  CONTENT_TYPE,
  type Contract,
  catalogue,
  EVENTS_EXCHANGE,
  eventsQueue,
  Id,
  type Participant,
  publishedBy,
  UtcTime,
} from '@order-saga/common'
import { stringify } from 'yaml'
import { participants } from '../participants'

export const ASYNCAPI_PATH = 'docs/asyncapi.yaml'

const HEAD = '# Written by `npm run docs` from contracts and saga tables: change those instead.\n'
const bindingVersion = '0.3.0'

const messageName = ({ type, version }: Contract) => `${type}.v${version}`
const ref = (...path: string[]) => ({ $ref: `#/${path.map((part) => part.replaceAll('/', '~1')).join('/')}` })
const byName = <T>(entries: readonly (readonly [string, T])[]): Record<string, T> => Object.fromEntries(entries)

/** Contracts and saga tables as AsyncAPI: a channel per event and per queue, an operation for all that a service does there. */
export function asyncApi(): string {
  return HEAD + stringify(document(), { lineWidth: 120, aliasDuplicateObjects: false })
}

const document = () => ({
  asyncapi: '3.0.0',
  id: 'urn:order-saga',
  info: {
    title: 'Order saga',
    version: '1.0.0',
    description:
      'What the services tell each other. Every event is a CloudEvent in structured mode; its type is the routing key, and ' +
      '`dataschema` names type and major version. Several events of one type may travel in one message, as a list with the ' +
      `content type \`${CONTENT_TYPE.batch}\`. Readers ignore fields that they do not know.`,
    license: { name: 'MIT', url: 'https://spdx.org/licenses/MIT.html' },
  },
  defaultContentType: CONTENT_TYPE.lone,
  servers: {
    broker: {
      host: 'localhost:5672',
      protocol: 'amqp',
      protocolVersion: '0.9.1',
      description: 'Every service has a user of its own, who may publish its own events and read its own queue.',
      security: [ref('components', 'securitySchemes', 'user')],
    },
  },
  channels: byName<object>([
    ...catalogue.map((contract) => [contract.type, eventChannel(contract.type)] as const),
    ...participants.map((participant) => [eventsQueue(participant.service), queueChannel(participant)] as const),
  ]),
  operations: byName(participants.flatMap(operationsOf)),
  components: {
    messages: byName(catalogue.map((contract) => [messageName(contract), message(contract)] as const)),
    schemas: { Envelope: envelope },
    securitySchemes: { user: { type: 'userPassword', description: 'of the broker, called after the service' } },
  },
})

const versionsOf = (types: readonly string[]) => catalogue.filter(({ type }) => types.includes(type))
const messagesOf = (contracts: readonly Contract[]) =>
  byName(
    contracts.map((contract) => [messageName(contract), ref('components', 'messages', messageName(contract))] as const),
  )

function eventChannel(type: string) {
  return {
    address: type,
    description: versionsOf([type]).at(-1)?.summary,
    messages: messagesOf(versionsOf([type])),
    bindings: {
      amqp: {
        is: 'routingKey',
        exchange: { name: EVENTS_EXCHANGE, type: 'topic', durable: true, autoDelete: false },
        bindingVersion,
      },
    },
  }
}

const heardBy = ({ reacts, hearsEverything }: Participant) => (hearsEverything ? catalogue : versionsOf(reacts))

function queueChannel(participant: Participant) {
  const name = eventsQueue(participant.service)
  return {
    address: name,
    description: participant.hearsEverything
      ? 'Bound to every event.'
      : 'Bound to the events that the service reacts to.',
    messages: messagesOf(heardBy(participant)),
    bindings: {
      amqp: { is: 'queue', queue: { name, durable: true, exclusive: false, autoDelete: false }, bindingVersion },
    },
  }
}

type Named = readonly [string, object]

function operationsOf(participant: Participant): Named[] {
  const { service } = participant
  const sends = [...new Set(publishedBy(service).map(({ type }) => type))].map((type) => sending(service, type))
  return heardBy(participant).length > 0 ? [...sends, receiving(participant)] : sends
}

const tagged = (service: string) => [{ name: service }]

const sending = (service: string, type: string): Named => [
  `${service}.sends.${type}`,
  {
    action: 'send',
    channel: ref('channels', type),
    summary: versionsOf([type]).at(-1)?.summary,
    tags: tagged(service),
    messages: versionsOf([type]).map((contract) => ref('channels', type, 'messages', messageName(contract))),
    bindings: { amqp: { deliveryMode: 2, mandatory: true, timestamp: true, userId: service, bindingVersion } },
  },
]

function receiving(participant: Participant): Named {
  const { service, reactions = [] } = participant
  const queue = eventsQueue(service)
  const told = reactions.map(({ type, step, compensates }) => {
    const undoes = compensates ? `, undoes \`${compensates}\`` : ''
    return `- \`${type}\`: \`${step}\`${undoes}`
  })
  return [
    `${service}.receives`,
    {
      action: 'receive',
      channel: ref('channels', queue),
      summary: participant.hearsEverything ? 'Keeps every event.' : 'Reacts, once to each event.',
      ...(!participant.hearsEverything && { description: told.join('\n') }),
      tags: tagged(service),
      messages: heardBy(participant).map((contract) => ref('channels', queue, 'messages', messageName(contract))),
      bindings: { amqp: { ack: true, bindingVersion } },
    },
  ]
}

const message = (contract: Contract) => ({
  name: contract.type,
  title: messageName(contract),
  summary: contract.summary,
  contentType: CONTENT_TYPE.lone,
  correlationId: { location: '$message.payload#/correlationid' },
  headers: amqpHeaders,
  payload: {
    allOf: [
      ref('components', 'schemas', 'Envelope'),
      {
        type: 'object',
        properties: {
          source: { const: contract.publisher },
          type: { const: contract.type },
          subject: { description: `the data's \`${contract.subject}\`` },
          dataschema: { const: contract.dataschema },
          data: contract.payload,
        },
      },
    ],
  },
  examples: [{ name: 'example', payload: exampleOf(contract) }],
  bindings: { amqp: { contentEncoding: 'utf-8', messageType: contract.type, bindingVersion } },
  'x-audience': contract.audience,
})

/** AMQP has a place of its own for these: they are properties of the message, no headers. */
const amqpHeaders = {
  type: 'object',
  description:
    'None. Properties: message-id (of a lone event its id), app-id and user-id (the publisher), type, timestamp.',
}

const EXAMPLE_ID = '01976f3e-8c00-7000-8000-0000000000ff'

const exampleOf = ({ type, publisher, dataschema, subject, example }: Contract) => ({
  specversion: '1.0',
  id: EXAMPLE_ID,
  source: publisher,
  type,
  subject: (example as Record<string, unknown>)[subject],
  time: '2026-01-01T12:00:00.000Z',
  dataschema,
  correlationid: EXAMPLE_ID,
  data: example,
})

const envelope = {
  type: 'object',
  description: 'CloudEvents 1.0',
  required: ['specversion', 'id', 'source', 'type', 'subject', 'time', 'dataschema', 'correlationid', 'data'],
  properties: {
    specversion: { const: '1.0' },
    id: { ...Id, description: 'the same when it is sent again: readers handle it once' },
    source: { type: 'string', description: 'the publishing service' },
    type: { type: 'string', description: 'also the routing key' },
    subject: { type: 'string', description: 'id of the order, product or account it is about' },
    time: UtcTime,
    dataschema: { type: 'string', description: 'type and major version' },
    data: { type: 'object' },
    correlationid: { ...Id, description: 'the same for everything that one request set off' },
    causationid: { ...Id, description: 'of the event that caused this one; absent: a request did' },
    traceparent: { type: 'string', description: 'W3C Trace Context' },
    repeats: { ...Id, description: 'of an answer that is given again: the first one' },
  },
}
