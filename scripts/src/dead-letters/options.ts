import { parseArgs } from 'node:util'
import { isId, type ServiceName, serviceNames } from '@order-saga/common'

/** Which letters are meant: one, or all of some services, of any reason or of one. */
export interface Selection {
  readonly id?: string | undefined
  readonly services: readonly ServiceName[]
  readonly reason?: string | undefined
}

export type Command =
  | { readonly name: 'list'; readonly selection: Selection; readonly isJson: boolean }
  | { readonly name: 'show'; readonly selection: Selection; readonly isJson: boolean }
  | {
      readonly name: 'redrive' | 'discard'
      readonly selection: Selection
      readonly why: string
      readonly isJson: boolean
    }

export const HELP = `npm run dead-letters -- list [--service NAME] [--reason REASON]
npm run dead-letters -- show ID
npm run dead-letters -- redrive ID | --service NAME | --reason REASON | --all  --why TEXT
npm run dead-letters -- discard ID | --service NAME | --reason REASON | --all  --why TEXT

What services could not handle, by service and reason. A redrive has the event handled once more by the service that
failed, and by no other; a discard gives it up. Both are kept with who, when and why. As administrator:
SHOP_ADMIN_EMAIL and SHOP_ADMIN_PASSWORD. Fails when a service does not answer or refuses.

  --service NAME   letters of this service; may be given several times
  --reason REASON  letters of this reason
  --all            all letters of all services
  --why TEXT       why it is done, for whoever asks later
  --json           for programs
`

const options = {
  service: { type: 'string', multiple: true },
  reason: { type: 'string' },
  why: { type: 'string' },
  all: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const

/** undefined: only help is wanted. Throws in words a person understands. */
export function readCommand(args: readonly string[]): Command | undefined {
  const { values, positionals } = parseArgs({ args: [...args], options, allowPositionals: true })
  const [name, id, ...rest] = positionals
  if (values.help || name === 'help') return undefined
  if (rest.length > 0) throw new Error(`one at a time: ${rest.join(' ')}`)
  if (id !== undefined && !isId(id)) throw new Error(`${id} is no id of a dead letter`)
  const { service, reason, why, all, json: isJson } = values
  const selection = { id, services: (service ?? serviceNames).map(serviceOf), reason }
  if (name === 'list' && id === undefined) return { name, selection, isJson }
  if (name === 'show' && id !== undefined) return { name, selection, isJson }
  if (name !== 'redrive' && name !== 'discard') throw new Error('list, show ID, redrive or discard? --help says more')
  const ways = [id !== undefined, service !== undefined || reason !== undefined, all].filter(Boolean)
  if (ways.length !== 1) throw new Error('which ones: an ID, --service and --reason, or --all?')
  if (!why) throw new Error('say why: --why "handler fixed in 1.4.2"')
  return { name, selection, why, isJson }
}

function serviceOf(name: string): ServiceName {
  const service = serviceNames.find((known) => known === name)
  if (!service) throw new Error(`${name} is no service; there are ${serviceNames.join(', ')}`)
  return service
}
