import { execFileSync } from 'node:child_process'
import { cloneRoot } from '../infra'

const git = (...args: string[]): string | undefined => {
  try {
    return execFileSync('git', args, { cwd: cloneRoot, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
  } catch {
    return undefined
  }
}

/** What was published last, or where this branch left main; undefined: no such thing here. */
export const defaultBase = (): string | undefined =>
  git('describe', '--tags', '--abbrev=0') ??
  git('merge-base', 'HEAD', 'origin/main') ??
  git('merge-base', 'HEAD', 'main')

/** The published documents of a revision, by path. Throws when there is no such revision. */
export function publishedAt(revision: string): ReadonlyMap<string, string> {
  const names = git('ls-tree', '-r', '--name-only', `${revision}^{tree}`, '--', 'docs/openapi', 'docs/asyncapi.yaml')
  if (names === undefined) throw new Error(`git knows no revision ${revision} here`)
  const paths = names.split('\n').filter((path) => path !== '')
  return new Map(paths.map((path) => [path, git('show', `${revision}:${path}`) ?? '']))
}
