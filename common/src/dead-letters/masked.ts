import { contractsOf } from '../contracts/catalogue'
import { maskOf } from '../contracts/mask'
import type { Letter } from './letters'

const ATTRIBUTES = new Set([
  'specversion',
  'id',
  'source',
  'type',
  'subject',
  'time',
  'dataschema',
  'correlationid',
  'causationid',
  'traceparent',
  'repeats',
])

/** What a person may see of a letter: like the journal without what is personal or secret, or null if it is no JSON. */
export function maskedContent({ envelope, raw }: Letter): unknown {
  const content = envelope ?? parsed(raw)
  return Array.isArray(content) ? content.map(maskedEvent) : maskedEvent(content)
}

function maskedEvent(event: unknown): unknown {
  if (typeof event !== 'object' || event === null || Array.isArray(event)) return null
  const { type, dataschema } = event as { type?: unknown; dataschema?: unknown }
  const versions = contractsOf(String(type))
  const contract = versions.find((one) => one.dataschema === dataschema) ?? versions.at(-1)
  const shown = Object.entries(event).map(([name, value]) => {
    if (name === 'data') return [name, contract ? maskOf(contract.payload)(value) : '***']
    return [name, ATTRIBUTES.has(name) && typeof value === 'string' ? value : '***']
  })
  return Object.fromEntries(shown)
}

function parsed(raw: Buffer | null): unknown {
  try {
    return JSON.parse(String(raw))
  } catch {
    return null
  }
}
