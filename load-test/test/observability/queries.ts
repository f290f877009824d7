import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'

export const root = join(__dirname, '../../..')
export const directory = join(root, 'deploy/observability')

export interface Rule {
  readonly alert: string
  readonly expr: string
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: { readonly summary: string; readonly runbook: string }
}

const read = (path: string) => readFileSync(join(directory, path), 'utf8')

export const rules: readonly Rule[] = (parse(read('rules.yml')).groups as { rules: Rule[] }[]).flatMap(
  (group) => group.rules,
)

interface Dashboard {
  readonly uid: string
  readonly title: string
  readonly panels: readonly { readonly title: string; readonly targets: readonly { readonly expr: string }[] }[]
}

export const dashboards: readonly Dashboard[] = readdirSync(join(directory, 'grafana/dashboards')).map((file) =>
  JSON.parse(read(`grafana/dashboards/${file}`)),
)

export interface Query {
  readonly where: string
  readonly expr: string
}

/** Everything that is asked of Prometheus anywhere. */
export const queries: readonly Query[] = [
  ...rules.map(({ alert, expr }) => ({ where: alert, expr })),
  ...dashboards.flatMap(({ uid, panels }) =>
    panels.flatMap(({ title, targets }) => targets.map(({ expr }) => ({ where: `${uid}: ${title}`, expr }))),
  ),
]

export interface Selector {
  readonly metric: string
  readonly labels: readonly string[]
}

const WORDS = new Set(['and', 'or', 'unless', 'by', 'on', 'ignoring', 'without', 'group_left', 'group_right', 'bool'])

/** The series a query names, with the labels it goes by. */
export function selectorsOf(expr: string): Selector[] {
  // what is in quotes or brackets names no series
  const bare = expr.replace(/"[^"]*"/g, '""').replace(/\[[^\]]*\]/g, '')
  const grouped = [...bare.matchAll(/\b(?:by|on)\s*\(([^)]*)\)/g)].flatMap(([, names = '']) => names.split(/\s*,\s*/))
  const named = bare.replace(/\b(?:by|on)\s*\([^)]*\)/g, ' ')
  return [...named.matchAll(/([a-zA-Z_:][\w:]*)\s*(\{[^}]*\}|\()?/g)].flatMap(([, metric = '', rest = '']) => {
    if (rest === '(' || WORDS.has(metric)) return []
    const matched = [...rest.matchAll(/(\w+)\s*(?:=~|!~|!=|=)/g)].map(([, label = '']) => label)
    return [{ metric, labels: [...matched, ...grouped] }]
  })
}
