import { randomInt } from 'node:crypto'
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { Unavailable } from './infra-error'
import { cloneRoot, type Instance } from './instance'
import { type Ports, portVariable } from './ports'
import { beginningOf } from './process-table'
import type { Server } from './server'

/** Who holds a port, written where every clone on the machine finds it. */
interface Claim {
  clone: string
  dataDir: string
  pid: number
  beginning: string | undefined
}

const directory = '/var/tmp/order-saga-ports'
const claimFile = (port: number) => join(directory, String(port))

export function claimPorts(server: Server, { dataDir, ports }: Instance, pid: number): void {
  const claim: Claim = { clone: cloneRoot, dataDir, pid, beginning: beginningOf(pid) }
  for (const name of server.ports) write(claimFile(ports[name]), JSON.stringify(claim))
}

// A claim only serves a better message: one that another user left there and we cannot replace stays
function write(file: string, content: string): void {
  try {
    if (mkdirSync(directory, { recursive: true })) chmodSync(directory, 0o1777)
    rmSync(file, { force: true })
    writeFileSync(file, content, { flag: 'wx' })
  } catch {}
}

export function releasePorts(server: Server, { dataDir, ports }: Instance): void {
  for (const name of server.ports) {
    if (readClaim(ports[name])?.dataDir === dataDir) rmSync(claimFile(ports[name]), { force: true })
  }
}

function readClaim(port: number): Claim | undefined {
  try {
    return JSON.parse(readFileSync(claimFile(port), 'utf8')) as Claim
  } catch {
    return undefined
  }
}

export async function requireFreePorts(server: Server, { ports }: Instance): Promise<void> {
  for (const name of server.ports) {
    if (!(await isFree(ports[name]))) throw new Unavailable(heldMessage(server, name, ports[name]))
  }
}

export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen({ port, host: '127.0.0.1' }, () => probe.close(() => resolve(true)))
  })
}

/** Ports that nobody listens on, below those the kernel picks for outgoing connections. */
export async function freePorts(count: number): Promise<number[]> {
  const found = new Set<number>()
  while (found.size < count) {
    const port = randomInt(10_000, 32_768)
    if (await isFree(port)) found.add(port)
  }
  return [...found]
}

function heldMessage(server: Server, name: keyof Ports, port: number): string {
  const claim = readClaim(port)
  const isCurrent = claim && claim.beginning === beginningOf(claim.pid)
  const holder = isCurrent ? `the clone in ${claim.clone} (stop it there: npm run down)` : 'another program'
  return `port ${port}, wanted for ${server.title}, is held by ${holder}; ${portVariable(name)} chooses another one`
}
