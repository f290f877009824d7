import { chownSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { isRoot } from './instance'

export interface User {
  uid: number
  gid: number
}

/** Whom a server runs as: root steps down to the package's user, anybody else stays who they are. */
export function serverUser(name: string): User | undefined {
  if (!isRoot) return undefined
  const accounts = readFileSync('/etc/passwd', 'utf8').split('\n')
  const account = [name, 'nobody'].map((user) => accounts.find((line) => line.startsWith(`${user}:`))).find(Boolean)
  if (!account) throw new Error(`no user ${name} on this machine`)
  const [, , uid, gid] = account.split(':')
  return { uid: Number(uid), gid: Number(gid) }
}

export function directoryFor(user: User | undefined, path: string): string {
  mkdirSync(path, { recursive: true, mode: 0o700 })
  if (user) chownSync(path, user.uid, user.gid)
  return path
}

export function fileFor(user: User | undefined, path: string, content: string): string {
  writeFileSync(path, content, { mode: 0o600 })
  if (user) chownSync(path, user.uid, user.gid)
  return path
}
