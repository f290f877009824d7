import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { run } from '../tools/run'
import type { Image } from './build'
import { mountLayers } from './layers'

/** Stands for a container of an image: its file system, read-only; its user, without any privilege; its environment. */
export class Container {
  readonly #root: string
  readonly #env: Record<string, string>

  constructor(
    readonly name: string,
    private readonly image: Image,
    private readonly folder: string,
    env: Readonly<Record<string, string>> = {},
  ) {
    this.#root = join(folder, `${name}-root`)
    this.#env = { ...image.env, ...env }
    mountLayers(image.layers, this.#root)
    const [uid, gid] = image.user.split(':')
    for (const volume of image.volumes)
      run('mount', ['-t', 'tmpfs', '-o', `uid=${uid},gid=${gid}`, 'tmpfs', join(this.#root, volume)])
  }

  /** Runs a command to its end. */
  exec(command: readonly string[]): string {
    return run('chroot', this.#args(command), { env: this.#env, timeout: 60_000 })
  }

  /** Runs the image's command, or another one, until somebody ends it. */
  start(command: readonly string[] = this.image.command): Running {
    mkdirSync(this.folder, { recursive: true })
    const logFile = join(this.folder, `${this.name}.log`)
    const log = openSync(logFile, 'w')
    const child = spawn('chroot', this.#args(command), { env: this.#env, stdio: ['ignore', log, log] })
    closeSync(log)
    return new Running(this.name, child, logFile)
  }

  isHealthy(): boolean {
    try {
      this.exec(this.image.healthcheck)
      return true
    } catch {
      return false
    }
  }

  #args(command: readonly string[]): string[] {
    const [uid = '', gid = ''] = this.image.user.split(':')
    const rights = ['--no-new-privs', '--inh-caps=-all', '--bounding-set=-all']
    const user = ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', ...rights]
    return [this.#root, ...user, 'sh', '-c', 'cd "$0" && exec "$@"', this.image.workdir, ...command]
  }
}

export class Running {
  readonly #ended: Promise<unknown>

  constructor(
    readonly name: string,
    private readonly child: ChildProcess,
    private readonly logFile: string,
  ) {
    this.#ended = once(child, 'exit')
  }

  get log(): string {
    return readFileSync(this.logFile, 'utf8')
  }

  get hasEnded(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null
  }

  /** Ends it as Docker does, and answers with which code it went. */
  async stop(): Promise<number | null> {
    if (!this.hasEnded) this.child.kill('SIGTERM')
    await this.#ended
    return this.child.exitCode
  }
}
