import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { find } from './binaries'
import { InfraError, Unavailable } from './infra-error'
import { cloneRoot, isRoot } from './instance'

/** By the program that tells whether it is there. */
export type Packages = Readonly<Record<string, string>>

export const serverPackages: Packages = {
  postgres: 'postgresql',
  'rabbitmq-server': 'rabbitmq-server',
  'redis-server': 'redis-server',
}

function privilege(): string[] | undefined {
  if (isRoot) return []
  return find('sudo') && spawnSync('sudo', ['-n', 'true']).status === 0 ? ['sudo', '-n'] : undefined
}

interface Installing {
  readonly logFile: string
  readonly report: (line: string) => void
  /** What somebody can do where apt-get cannot. */
  readonly otherwise: (packages: readonly string[]) => string
}

/** Installs what is missing, or says what somebody has to install. */
export async function installMissing(wanted: Packages, { logFile, report, otherwise }: Installing): Promise<void> {
  const packages = Object.keys(wanted).flatMap((program) => (find(program) ? [] : (wanted[program] ?? program)))
  if (packages.length === 0) return
  const prefix = privilege()
  if (!find('apt-get') || !prefix) throw new Unavailable(otherwise(packages))
  report(`installing ${packages.join(', ')} with apt-get …`)
  const [command = 'sh', ...args] = [...prefix, 'sh', join(cloneRoot, 'scripts/src/infra/apt-install.sh'), ...packages]
  const log = openSync(logFile, 'a')
  const child = spawn(command, args, { stdio: ['ignore', log, log] })
  closeSync(log)
  const [status] = (await once(child, 'exit')) as [number | null]
  if (status !== 0) throw new InfraError(`apt-get could not install ${packages.join(', ')}`, logFile)
}

export const withoutServers = (packages: readonly string[]): string =>
  `Neither a Docker engine with "docker compose" nor these servers are on this machine: ${packages.join(', ')}.
Install them (Debian and Ubuntu: apt-get install ${packages.join(' ')}), or Docker,
or name running servers: SHOP_INFRA=external and the addresses listed in scripts/src/infra/addresses.ts.`
