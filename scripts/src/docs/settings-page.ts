import { basicSettings, type Setting, type SettingName, settings } from '@order-saga/common'
import { participants } from '../participants'
import { table } from './table'

const readersOf = (name: SettingName): string => {
  if ((basicSettings as readonly SettingName[]).includes(name)) return 'all'
  const readers = participants.filter((participant) => participant.settings?.includes(name))
  return readers.map(({ service }) => service.replace('-service', '')).join(', ')
}

function defaultOf({ fallback, developmentFallback, isSecret }: Setting<unknown>): string {
  if (developmentFallback !== undefined) return 'one for development, refused in production'
  if (fallback === undefined) return 'none: required'
  const shown = String(fallback)
  return shown === '' || isSecret ? '' : `\`${shown}\``
}

const rowOf = ([name, setting]: [string, Setting<unknown>]) => [
  `\`${setting.env}\``,
  setting.about + (setting.isSecret ? `; or \`${setting.env}_FILE\` names a file that holds it` : ''),
  setting.env === 'PORT' ? "the service's own" : defaultOf(setting),
  readersOf(name as SettingName),
]

/** Source of `docs/settings.md`: every environment variable of a service. */
export const settingsPage = (): string =>
  `${HEAD}${table(['variable', 'is', 'default', 'read by'], Object.entries(settings as Record<string, Setting<unknown>>).map(rowOf))}\n${TAIL}`

const HEAD = `# Settings

<!-- Written by \`npm run docs\` from \`common/src/config/settings.ts\`: change that instead. -->

Environment variables of the services. A wrong one, a missing one or an unknown \`SHOP_…\` keeps a service from starting: it names
all of them, never their values, and exits with 78.

`

const TAIL = `
## In production

\`NODE_ENV=production\` also refuses development defaults, default passwords, servers on other machines without TLS (\`amqps:\`,
\`rediss:\`, \`smtps:\` or \`?requireTLS=true\`, PostgreSQL with \`?sslmode=require\` or stricter), failpoints, and a database role that may do
more than read and write the service's rows. \`SHOP_STRICT_PRIVILEGES=1\` refuses such a role, and a broker user that may declare
queues or publish past the exchanges, in development too.
`
