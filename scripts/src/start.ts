import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { type ServiceName, serviceNames } from '@order-saga/common'
import { fail } from './fail'
import { addresses, cloneRoot, waitFor } from './infra'
import { auditorEnv, auditorScript, isAuditorReady, isAuditorRunning } from './shop/auditor-process'
import { logLine } from './shop/log-line'
import { baseUrlOf, serviceEnv } from './shop/service-env'
import { isReady, isRunning } from './shop/service-processes'
import { prepareShop } from './shop/shop-up'

const say = (line: string) => process.stdout.write(`${line}\n`)

/** npm start: everything up in the foreground, a line per event that matters, Ctrl-C drains. */
async function main(): Promise<void> {
  const running = [...serviceNames.filter(isRunning), ...(isAuditorRunning() ? ['auditor'] : [])]
  if (running.length > 0) throw new Error(`${running.join(', ')} already run in the background: npm run down`)
  await prepareShop(say)
  const children = [...serviceNames.map(startService), startAuditor()]
  let isStopping = false
  const stop = () => {
    if (isStopping) return
    isStopping = true
    say('draining …')
    for (const child of children) child.kill('SIGTERM')
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  for (const child of children) child.on('exit', stop)
  const ended = Promise.all(children.map((child) => new Promise((resolve) => child.once('exit', resolve))))
  const ready = Promise.all([
    ...serviceNames.map((service) => waitFor(() => isReady(service), { timeoutMs: 60_000, what: service })),
    waitFor(isAuditorReady, { timeoutMs: 60_000, what: 'auditor' }),
  ])
  await Promise.race([
    ended,
    ready.then(() => serviceNames.map((service) => say(`${service.padEnd(16)} ${baseUrlOf(service)}/docs`))),
  ])
  await ended
  process.exitCode = children.some(({ exitCode }) => exitCode !== 0) ? 1 : 0
}

const startService = (service: ServiceName) =>
  startInForeground(service, join(cloneRoot, service, 'dist/main.js'), serviceEnv(service, addresses()))

const startAuditor = () => startInForeground('auditor', auditorScript, { ...process.env, ...auditorEnv() })

/** Detached, so that Ctrl-C in the terminal reaches us alone and the services drain in order. */
function startInForeground(name: string, script: string, env: NodeJS.ProcessEnv): ChildProcess {
  const child = spawn(process.execPath, [script], {
    cwd: cloneRoot,
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  for (const stream of [child.stdout, child.stderr])
    createInterface({ input: stream }).on('line', (line) => say(`${name.padEnd(16)} ${logLine(line)}`))
  return child
}

main().catch(fail)
