import { participants } from '../participants'

/** Source of `common/src/contracts/reactions.ts`: saga tables for those who may not import the services. */
export function reactionsFile(): string {
  const byType = new Map<string, string[]>()
  for (const { service, reactions = [], hearsEverything } of participants) {
    if (hearsEverything) continue
    for (const { type, step, compensates } of reactions) {
      const undoes = compensates ? `, compensates: '${compensates}'` : ''
      byType.set(type, [...(byType.get(type) ?? []), `    { service: '${service}', step: '${step}'${undoes} },`])
    }
  }
  const entries = [...byType]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([type, lines]) => `  '${type}': [\n${lines.join('\n')}\n  ],`)
  return `${HEAD}${entries.join('\n')}\n}\n`
}

const HEAD = `// Written by \`npm run docs\` from the saga tables of all services: change those instead.
import type { ServiceName } from './services'

export interface KnownReaction {
  readonly service: ServiceName
  readonly step: string
  readonly compensates?: string
}

/** Who reacts to an event type, and by which step. */
export const reactions: Readonly<Record<string, readonly KnownReaction[]>> = {
`
