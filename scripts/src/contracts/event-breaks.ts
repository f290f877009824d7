import { OF_EVENTS, type Schema, schemaBreaks } from './schema-breaks'

interface Payload {
  readonly allOf: readonly [unknown, { readonly properties: Readonly<Record<string, Schema>> }]
}

/** As much of AsyncAPI as is compared. */
export interface EventDocument {
  readonly components: {
    readonly messages: Readonly<Record<string, { readonly name: string; readonly payload: Payload }>>
  }
}

/** What breaks somebody who reads events as they were published before, in sentences. */
export function eventBreaks(before: EventDocument, after: EventDocument): string[] {
  return Object.entries(before.components.messages).flatMap(([name, { name: type, payload }]) => {
    const now = after.components.messages[name]
    if (!now) return [`${name} is gone: publish it beside its successor until nobody reads it.`]
    const breaks = payloadBreaks(payload, now.payload)
    const next = `${type}.v${Number(name.split('.v').at(-1)) + 1}`
    return breaks.map(
      (what) => `${name}: ${what}. Leave it as it was, or declare ${next} beside ${name} and publish both.`,
    )
  })
}

function payloadBreaks({ allOf: [, before] }: Payload, { allOf: [, after] }: Payload): string[] {
  const [was, is] = [before.properties.source?.const, after.properties.source?.const]
  const moved = was === is ? [] : [`the publisher was ${was} and is ${is}`]
  return [...moved, ...schemaBreaks(before.properties.data ?? {}, after.properties.data ?? {}, OF_EVENTS)]
}
