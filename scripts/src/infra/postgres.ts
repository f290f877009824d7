import { existsSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Client, type ClientConfig } from 'pg'
import { development } from './credentials'
import type { Instance } from './instance'
import { start, stop } from './lifecycle'
import { createCluster, postgresProgram } from './postgres-cluster'
import type { Stopping } from './processes'
import type { Server } from './server'
import { fileFor, serverUser } from './users'

const configuration = (port: number) => `listen_addresses = '127.0.0.1'
port = ${port}
unix_socket_directories = ''
max_connections = 400
shared_buffers = 512MB
max_wal_size = 4GB
fsync = on
synchronous_commit = on
random_page_cost = 1.1
password_encryption = scram-sha-256
timezone = 'UTC'
log_timezone = 'UTC'
log_line_prefix = '%m [%p] %q%u@%d '
`

export const postgres: Server = {
  id: 'postgres',
  title: 'PostgreSQL',
  ports: ['postgres'],
  executables: ['postgres'],
  stopping: { signal: 'SIGINT' }, // "fast": SIGTERM would wait until the last client leaves
  async prepare({ dataDir, ports }) {
    const user = serverUser('postgres')
    const directory = join(dataDir, 'postgres')
    const program = postgresProgram(directory)
    if (!existsSync(directory)) await createCluster({ directory, bin: dirname(program), user })
    fileFor(user, join(directory, 'postgresql.conf'), configuration(ports.postgres))
    // Nothing runs in this directory any more, but the pid noted here may by now belong to somebody else
    rmSync(join(directory, 'postmaster.pid'), { force: true })
    return { command: program, args: ['-D', directory], env: { PATH: process.env.PATH, LC_ALL: 'C.UTF-8' }, user }
  },
  isReady: ({ ports }) =>
    answersQuery({ host: '127.0.0.1', port: ports.postgres, database: 'postgres', ...development.postgres }),
}

export async function answersQuery(config: ClientConfig): Promise<boolean> {
  const client = new Client(config)
  client.on('error', () => undefined)
  try {
    await client.connect()
    await client.query('select 1')
    return true
  } catch {
    return false
  } finally {
    await client.end().catch(() => undefined)
  }
}

export const startPostgres = (instance: Instance) => start(postgres, instance)
export const stopPostgres = (instance: Instance, stopping?: Stopping) => stop(postgres, instance, stopping)
