import type { Row } from './steps/step'

const HEAD = ['| what | target | measured | met | commit |', '| --- | --- | --- | --- | --- |']

const lineOf = ({ what, target, measured, isMet }: Row, commit: string): string =>
  `| ${what} | ${target} | ${measured} | ${isMet ? 'yes' : 'no'} | ${commit} |`

const whatOf = (line: string): string => line.split(' | ')[0]?.replace(/\(.*?\)/g, '') ?? ''

/** The table of earlier runs, with these rows in the place of their like. Of the others what was measured stays. */
export function withRows(table: string, rows: readonly Row[], commit: string): string {
  const known = table.split('\n').filter((line) => line.startsWith('| ') && !HEAD.includes(line))
  const lines = new Map(known.map((line) => [whatOf(line), line]))
  for (const line of rows.map((row) => lineOf(row, commit))) lines.set(whatOf(line), line)
  return [...HEAD, ...lines.values()].join('\n')
}
