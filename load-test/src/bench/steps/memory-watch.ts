import { readFileSync } from 'node:fs'
import { serviceNames } from '@order-saga/common'
import type { KnownProcess } from '../../run/process-times'

const LOOK_EVERY_MS = 500
const KIB_PER_MIB = 1_024

/** The most memory each service was seen to hold. */
export class MemoryWatch {
  readonly #mostMib = new Map<string, number>()
  readonly #timer: NodeJS.Timeout

  constructor(private readonly processes: readonly KnownProcess[]) {
    this.#timer = setInterval(() => this.#look(), LOOK_EVERY_MS)
  }

  /** Mebibytes resident, the largest first. */
  stop(): readonly (readonly [name: string, mib: number])[] {
    clearInterval(this.#timer)
    this.#look()
    return [...this.#mostMib].toSorted(([, a], [, b]) => b - a)
  }

  #look(): void {
    for (const { name, pid } of this.processes.filter(({ name }) => (serviceNames as readonly string[]).includes(name)))
      this.#mostMib.set(name, Math.max(this.#mostMib.get(name) ?? 0, residentMib(pid)))
  }
}

function residentMib(pid: number): number {
  try {
    const [, kib = '0'] = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
    return Number(kib) / KIB_PER_MIB
  } catch {
    return 0 // it has just ended
  }
}
