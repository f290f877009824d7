import { type Participant, publishedBy } from '@order-saga/common'
import { table } from './table'

/** The tables of a service's own README: what it tells and what it does on hearing others. */
export function canvasTables({ service, reactions = [], hearsEverything }: Participant): Record<string, string> {
  const published = publishedBy(service).map(({ type, summary }) => [`\`${type}\``, summary])
  const reacting = reactions.map(({ type, step, compensates }) => [
    `\`${type}\``,
    `\`${step}\``,
    compensates ? `\`${compensates}\`` : '',
  ])
  return {
    publishes: published.length > 0 ? table(['event', 'means'], published) : 'Nothing.',
    reacts: hearsEverything
      ? 'Every event there is.'
      : reacting.length > 0
        ? table(['event', 'step', 'undoes'], reacting)
        : 'Nothing.',
  }
}
