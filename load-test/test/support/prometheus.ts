import { type ChildProcess, spawn } from 'node:child_process'
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eventually } from '@order-saga/common/testing'
import { freePorts } from '@order-saga/scripts/infra'

export interface Sample {
  readonly metric: Readonly<Record<string, string>>
  readonly value: readonly [number, string]
}

export interface Alert {
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
  readonly state: string
}

interface Target {
  readonly labels: Readonly<Record<string, string>>
  readonly health: string
  readonly lastError: string
}

/** A real Prometheus under the committed configuration, with what it keeps in a directory of its own. */
export class Prometheus {
  private constructor(
    private readonly url: string,
    private readonly child: ChildProcess,
    private readonly directory: string,
  ) {}

  /** `targets` are the contents of the files that say where services and broker are. */
  static async start(configuration: string, targets: Readonly<Record<string, object>>): Promise<Prometheus> {
    const directory = mkdtempSync(join(tmpdir(), 'order-saga-prometheus-'))
    for (const file of ['prometheus.yml', 'rules.yml']) copyFileSync(join(configuration, file), join(directory, file))
    // YAML is JSON and more
    for (const [file, content] of Object.entries(targets)) writeFileSync(join(directory, file), JSON.stringify(content))
    const [port] = await freePorts(1)
    const listen = `127.0.0.1:${port}`
    const args = [
      `--config.file=${join(directory, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(directory, 'data')}`,
      `--web.listen-address=${listen}`,
      '--log.level=warn',
    ]
    const child = spawn('prometheus', args, { stdio: ['ignore', 'inherit', 'inherit'] })
    const prometheus = new Prometheus(`http://${listen}`, child, directory)
    await eventually(async () => expect((await fetch(`http://${listen}/-/ready`)).ok).toBe(true), 60_000)
    return prometheus
  }

  async query(query: string): Promise<Sample[]> {
    return (await this.#get<{ result: Sample[] }>(`query?query=${encodeURIComponent(query)}`)).result
  }

  async targets(): Promise<readonly Target[]> {
    return (await this.#get<{ activeTargets: Target[] }>('targets')).activeTargets
  }

  async alerts(): Promise<readonly Alert[]> {
    return (await this.#get<{ alerts: Alert[] }>('alerts')).alerts
  }

  /** Rules that it could not judge, each with why. */
  async brokenRules(): Promise<string[]> {
    type Rule = { name: string; health: string; lastError?: string }
    const { groups } = await this.#get<{ groups: { rules: Rule[] }[] }>('rules')
    const all = groups.flatMap(({ rules }) => rules)
    if (all.some(({ health }) => health === 'unknown')) throw new Error('not every rule was judged yet')
    return all.flatMap(({ name, health, lastError }) => (health === 'ok' ? [] : [`${name}: ${lastError}`]))
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.child.once('exit', resolve))
    this.child.kill('SIGTERM')
    await ended
    rmSync(this.directory, { recursive: true, force: true })
  }

  async #get<T>(path: string): Promise<T> {
    const response = await fetch(`${this.url}/api/v1/${path}`)
    const body = (await response.json()) as { status: string; data: T; error?: string }
    if (body.status !== 'success') throw new Error(`${path}: ${body.error}`)
    return body.data
  }
}
