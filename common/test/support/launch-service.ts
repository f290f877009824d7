import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { servers } from '@order-saga/common/testing'

export interface Launched {
  readonly child: ChildProcess
  /** What it has written so far, errors included. */
  output(): string
}

/** A whole service without rules of its own, as a process with these settings. */
export function launchService(env: Record<string, string>): Launched {
  const child = spawn(process.execPath, [join(__dirname, 'service.cjs')], {
    env: { PORT: '0', NODE_ENV: 'test', LOG_LEVEL: 'info', SHOP_REDIS_URL: servers.redisUrl, ...env },
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk) => {
      output += chunk
    })
  return { child, output: () => output }
}

export const exitOf = async (child: ChildProcess): Promise<number | null> =>
  child.exitCode ?? ((await once(child, 'exit'))[0] as number | null)
