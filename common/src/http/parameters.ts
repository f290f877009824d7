/** What a parameter is called says what it is for, in every service. */
const meanings: Readonly<Record<string, string>> = {
  after: '`next` of the page before',
  before: '`next` of the page before',
  'idempotency-key':
    'sent again with the same body, the request counts once: 1 to 255 visible characters, quoted or not',
  'if-match': 'ETags, or `*`: 412 when none of them is current',
  'last-event-id': 'id of the last event that was received',
  customerId: 'only of this customer',
  eventId: 'only about this event',
  kind: 'only of this kind',
  level: 'only of this level',
  limit: 'how many at most',
  orderId: 'only of this order',
  reason: 'only with this reason',
  requestId: 'only of this request',
  service: 'only of this service',
  since: 'only from then on',
  state: 'only in this state',
  status: 'only with this status',
  stuck: 'only what does not go on',
  traceId: 'only of this trace',
  type: 'only of this type',
  until: 'only until then',
}

// what a value looks like, which does not say what it is for
const FORMS: readonly (string | undefined)[] = ['UUIDv7', 'UTC, ISO 8601', undefined]

export interface Parameter {
  readonly in: string
  readonly name: string
  description?: string
}

/** Completes parameters that a route does not describe. What an id in a path names, the path says. */
export function describeParameters(path: string, parameters: readonly Parameter[]): void {
  for (const parameter of parameters) {
    const { name, description } = parameter
    if (!FORMS.includes(description)) continue
    const meaning = parameter.in === 'path' ? `of \`${path.split(`/{${name}}`)[0]}\`` : meanings[name]
    if (meaning) parameter.description = description ? `${meaning} (${description})` : meaning
  }
}
