import { execFileSync } from 'node:child_process'
import { cloneRoot } from '@order-saga/scripts/infra'

/** Which code this is, with a mark when it is not exactly that. */
export function commit(): string {
  const git = (...args: string[]) => execFileSync('git', args, { cwd: cloneRoot, encoding: 'utf8' }).trim()
  try {
    return git('rev-parse', '--short=12', 'HEAD') + (git('status', '--porcelain') ? ' with changes' : '')
  } catch {
    return 'unknown'
  }
}
