import { execFile } from 'node:child_process'
import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { findAll, versionOf } from './binaries'
import { development } from './credentials'
import { Unavailable } from './infra-error'
import { directoryFor, fileFor, type User } from './users'

/** The newest PostgreSQL, or for data that exists the one of its major version. */
export function postgresProgram(directory: string): string {
  const programs = findAll('postgres')
  const versionFile = join(directory, 'PG_VERSION')
  const major = existsSync(versionFile) ? readFileSync(versionFile, 'utf8').trim() : undefined
  const program = major ? programs.find((path) => versionOf(path).split('.')[0] === major) : programs[0]
  if (!program)
    throw new Unavailable(`${directory} needs PostgreSQL ${major ?? ''}; npm run down -- --volumes drops it`)
  return program
}

interface Cluster {
  directory: string
  bin: string
  user: User | undefined
}

/** Created beside its place and moved there when complete, so that an interrupted one is never taken for a cluster. */
export async function createCluster({ directory, bin, user }: Cluster): Promise<void> {
  const unfinished = `${directory}.new`
  const { user: superuser, password } = development.postgres
  rmSync(unfinished, { recursive: true, force: true })
  directoryFor(user, unfinished)
  const passwordFile = fileFor(user, `${directory}.password`, password)
  const args = ['-D', unfinished, '-U', superuser, `--pwfile=${passwordFile}`, '--auth=scram-sha-256', '--no-sync']
  const locale = process.platform === 'linux' ? 'C.UTF-8' : 'C'
  await promisify(execFile)(join(bin, 'initdb'), [...args, '--encoding=UTF8', `--locale=${locale}`], { ...user })
  rmSync(passwordFile)
  renameSync(unfinished, directory)
}
