import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { find } from './binaries'
import { InfraError, Unavailable } from './infra-error'
import { cloneRoot, isRoot } from './instance'

const packageOf: Record<string, string> = {
  postgres: 'postgresql',
  'rabbitmq-server': 'rabbitmq-server',
  'redis-server': 'redis-server',
}

export const missingPrograms = (): string[] => Object.keys(packageOf).filter((program) => !find(program))

function privilege(): string[] | undefined {
  if (isRoot) return []
  return find('sudo') && spawnSync('sudo', ['-n', 'true']).status === 0 ? ['sudo', '-n'] : undefined
}

/** Installs what is missing, or says what somebody has to install. */
export async function installMissing(logFile: string, report: (line: string) => void): Promise<void> {
  const packages = missingPrograms().map((program) => packageOf[program] ?? program)
  if (packages.length === 0) return
  const prefix = privilege()
  if (!find('apt-get') || !prefix) throw new Unavailable(manualMessage(packages))
  report(`installing ${packages.join(', ')} with apt-get …`)
  const [command = 'sh', ...args] = [...prefix, 'sh', join(cloneRoot, 'scripts/src/infra/apt-install.sh'), ...packages]
  const log = openSync(logFile, 'a')
  const child = spawn(command, args, { stdio: ['ignore', log, log] })
  closeSync(log)
  const [status] = (await once(child, 'exit')) as [number | null]
  if (status !== 0) throw new InfraError(`apt-get could not install ${packages.join(', ')}`, logFile)
}

const manualMessage = (packages: string[]) =>
  `Neither a Docker engine with "docker compose" nor these servers are on this machine: ${packages.join(', ')}.
Install them (Debian and Ubuntu: apt-get install ${packages.join(' ')}), or Docker,
or name running servers: SHOP_INFRA=external and the addresses listed in scripts/src/infra/addresses.ts.`
