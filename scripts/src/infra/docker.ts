import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { find } from './binaries'
import { InfraError } from './infra-error'
import { cloneRoot } from './instance'

const infrastructure = ['postgres', 'rabbitmq', 'redis', 'mail', 'provider']
const quiet = { cwd: cloneRoot, timeout: 20_000, stdio: 'ignore' } as const

export const isDockerUsable = (): boolean =>
  find('docker') !== undefined &&
  existsSync(join(cloneRoot, 'docker-compose.yml')) &&
  spawnSync('docker', ['info'], quiet).status === 0 &&
  spawnSync('docker', ['compose', 'version'], quiet).status === 0

function compose(...args: string[]): void {
  const { status } = spawnSync('docker', ['compose', ...args], { cwd: cloneRoot, stdio: 'inherit' })
  if (status !== 0) throw new InfraError(`docker compose ${args.join(' ')} failed`)
}

export const dockerUp = (): void => compose('up', '--detach', '--wait', ...infrastructure)
export const dockerDown = ({ volumes }: { volumes: boolean }): void =>
  compose('down', '--remove-orphans', ...(volumes ? ['--volumes'] : []))
