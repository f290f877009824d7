import type { ChildProcess } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { ServiceName } from '@order-saga/common'
import { cloneRoot, runningPid, signal, startNode, waitFor } from '@order-saga/scripts/infra'

export interface Exit {
  readonly at: string
  readonly process: string
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  /** We did it. */
  readonly isInjected: boolean
}

export interface ServiceProcessOptions {
  readonly service: ServiceName
  /** What this instance is called. */
  readonly name: string
  readonly port: number
  readonly env: Readonly<Record<string, string | undefined>>
  /** Logs are kept, and continued by the next process. */
  readonly logDirectory: string
  readonly restartDelayMs: () => number
  readonly onExit: (exit: Exit) => void
}

type Env = Readonly<Record<string, string>>

// others may be using the machine too
const READY_WITHIN_MS = 180_000
const SHUTDOWN_MS = 20_000

/** A service in a process group of its own. Whenever it ends without being stopped, it is started again. */
export class ServiceProcess {
  #child: ChildProcess | undefined
  #isWanted = false
  #isInjected = false
  #extra: Env = {}
  #timer: NodeJS.Timeout | undefined
  #last: Pick<Exit, 'code' | 'signal'> = { code: null, signal: null }
  starts = 0

  constructor(readonly options: ServiceProcessOptions) {}

  get name(): string {
    return this.options.name
  }

  get url(): string {
    return `http://127.0.0.1:${this.options.port}`
  }

  get pid(): number | undefined {
    return this.#child?.pid
  }

  start(extra: Env = {}): void {
    this.#isWanted = true
    this.#extra = extra
    this.#launch()
  }

  /** kill -9; it comes back by itself. */
  kill(): void {
    this.#signal('SIGKILL')
  }

  /** Stops the whole process as a host does that hangs. */
  freeze(): void {
    this.#signal('SIGSTOP')
  }

  thaw(): void {
    this.#signal('SIGCONT')
  }

  /** Asks it to end, waits until it has, and starts it again. Answers how it ended, unless another fault killed it. */
  async restart(extra: Env = {}): Promise<{ tookMs: number; code: number | null } | undefined> {
    const wasRunning = this.#child !== undefined
    const beganMs = performance.now()
    await this.stop()
    const tookMs = Math.round(performance.now() - beganMs)
    const { code, signal } = this.#last
    this.start(extra)
    const wasKilled = signal === 'SIGKILL' && tookMs <= SHUTDOWN_MS
    return wasRunning && !wasKilled ? { tookMs, code } : undefined
  }

  async stop(): Promise<void> {
    this.#isWanted = false
    clearTimeout(this.#timer)
    const child = this.#child
    if (!child) return
    this.thaw()
    this.#signal('SIGTERM')
    const isGone = () => this.#child !== child
    await waitFor(isGone, { timeoutMs: SHUTDOWN_MS + 1_000, what: `end of ${this.name}` }).catch(() => this.kill())
    await waitFor(isGone, { timeoutMs: 5_000, what: `end of ${this.name}` })
  }

  async isReady(): Promise<boolean> {
    const response = await fetch(`${this.url}/readyz`, { signal: AbortSignal.timeout(2_000) }).catch(() => undefined)
    await response?.arrayBuffer().catch(() => undefined)
    return response?.ok ?? false
  }

  whenReady(): Promise<void> {
    const what = `readiness of ${this.name}`
    return waitFor(() => this.isReady(), { timeoutMs: READY_WITHIN_MS, what, everyMs: 100 })
  }

  #signal(name: NodeJS.Signals): void {
    const { pid } = this
    if (pid === undefined) return
    if (name === 'SIGKILL') this.#isInjected = true
    signal(-pid, name)
  }

  #launch(): void {
    const { service, name, env, logDirectory } = this.options
    this.#isInjected = false
    this.starts++
    const pidFile = pidFileOf(logDirectory, name)
    const child = startNode({
      script: join(cloneRoot, service, 'dist/main.js'),
      cwd: cloneRoot,
      env: { ...env, ...this.#extra },
      isolated: true,
      logFile: join(logDirectory, `${name}.log`),
      pidFile,
    })
    this.#child = child
    child.once('exit', (code, by) => {
      this.#child = undefined
      this.#last = { code, signal: by }
      rmSync(pidFile, { force: true })
      const at = new Date().toISOString()
      const isInjected = this.#isInjected || !this.#isWanted
      this.options.onExit({ at, process: name, code, signal: by, isInjected })
      if (this.#isWanted) this.#timer = setTimeout(() => this.#launch(), this.options.restartDelayMs())
    })
  }
}

const pidFileOf = (directory: string, name: string) => join(directory, `${name}.pid`)

/** Ends what an interrupted run has left behind. */
export function endLeftover(directory: string, name: string): void {
  const pid = runningPid(pidFileOf(directory, name))
  if (pid !== undefined) signal(-pid, 'SIGKILL')
}
