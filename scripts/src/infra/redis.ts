import { join } from 'node:path'
import { serviceNames } from '@order-saga/common'
import { passwordOf } from '../shop/credentials'
import { required } from './binaries'
import { development } from './credentials'
import type { Instance } from './instance'
import { isRunning, start, stop } from './lifecycle'
import { answers } from './probe'
import type { Stopping } from './processes'
import { redisAcl, redisPrefix } from './redis-acl'
import type { Server } from './server'
import { directoryFor, fileFor, serverUser } from './users'

const { password } = development.redis

const configuration = (port: number, directory: string, aclFile: string) => `bind 127.0.0.1
port ${port}
aclfile ${aclFile}
dir ${directory}
appendonly no
save ""
`

export const redis: Server = {
  id: 'redis',
  title: 'Redis',
  ports: ['redis'],
  executables: ['redis-server', 'redis-check-rdb'],
  async prepare({ dataDir, ports }) {
    const user = serverUser('redis')
    const directory = directoryFor(user, join(dataDir, 'redis'))
    const acl = redisAcl(redisPrefix(process.env), passwordOf)
    const aclFile = fileFor(user, join(directory, 'users.acl'), acl)
    const file = fileFor(user, join(directory, 'redis.conf'), configuration(ports.redis, directory, aclFile))
    return {
      command: required('redis-server'),
      args: [file],
      env: { PATH: process.env.PATH, HOME: directory },
      user,
    }
  },
  isReady: ({ ports }) => answers({ port: ports.redis, say: `AUTH ${password}\r\nPING\r\n`, expect: '+PONG' }),
}

export async function startRedis(instance: Instance): Promise<{ wasRunning: boolean }> {
  // started before there were users, or with other passwords: it holds nothing that anybody would miss
  if (isRunning(redis, instance) && !(await knowsUsers(instance))) await stop(redis, instance)
  return start(redis, instance)
}

async function knowsUsers({ ports }: Instance): Promise<boolean> {
  const logins = serviceNames.map((name) => `AUTH ${name} ${passwordOf(name)}\r\n`)
  return answers({ port: ports.redis, say: logins.join(''), expect: logins.map(() => '+OK\r\n').join('') })
}

export const stopRedis = (instance: Instance, stopping?: Stopping) => stop(redis, instance, stopping)
