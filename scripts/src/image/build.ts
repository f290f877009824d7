import { cpSync, existsSync, mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { run } from '../tools/run'
import { argOf, pairsOf, type Stage, type Step, substitute, wordsOf } from './dockerfile'
import { type Layers, mountLayers } from './layers'

/** What a container is started with, and from. */
export interface Image {
  readonly layers: Layers
  readonly env: Readonly<Record<string, string>>
  readonly labels: Readonly<Record<string, string>>
  readonly workdir: string
  readonly user: string
  readonly command: readonly string[]
  readonly healthcheck: readonly string[]
  readonly volumes: readonly string[]
}

export interface BuildPlace {
  readonly folder: string
  /** What the build is sent. */
  readonly context: string
  readonly npmCache: string
  readonly buildArgs: Readonly<Record<string, string>>
}

/** Builds stages as Docker would, with the same commands, in root file systems of their own. */
export function buildStages(stages: readonly Stage[], base: Layers, place: BuildPlace): Map<string, Image> {
  const built = new Map<string, Image>()
  for (const stage of stages) built.set(stage.name, new Builder(stage, built, base, place).build())
  return built
}

const ENV = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/root' }

class Builder {
  #image: Image
  #args: Record<string, string> = {}
  readonly #root: string
  readonly #upper: string

  constructor(
    private readonly stage: Stage,
    private readonly built: ReadonlyMap<string, Image>,
    base: Layers,
    private readonly place: BuildPlace,
  ) {
    this.#root = join(place.folder, stage.name, 'root')
    this.#upper = join(place.folder, stage.name, 'layer')
    const nothing = { labels: {}, workdir: '/', user: '0', command: [], healthcheck: [], volumes: [] }
    this.#image = built.get(stage.base) ?? { layers: base, env: ENV, ...nothing }
  }

  build(): Image {
    const { layers } = this.#image
    mountLayers(layers, this.#root, { upper: this.#upper, work: join(this.place.folder, this.stage.name, 'work') })
    for (const step of this.stage.steps) this.#take(step)
    return { ...this.#image, layers: [...layers, this.#upper] }
  }

  #take({ keyword, text }: Step): void {
    const value = keyword === 'RUN' ? text : substitute(text, this.#args)
    const image = this.#image
    if (keyword === 'RUN') this.#run(text)
    else if (keyword === 'COPY') this.#copy(value)
    else if (keyword === 'ARG') Object.assign(this.#args, argOf(text, this.place.buildArgs))
    else if (keyword === 'WORKDIR') this.#workdir(value)
    else if (keyword === 'USER') this.#image = { ...image, user: value }
    else if (keyword === 'CMD') this.#image = { ...image, command: wordsOf(value) }
    else if (keyword === 'VOLUME') this.#image = { ...image, volumes: [...image.volumes, value] }
    else if (keyword === 'ENV') this.#image = { ...image, env: { ...image.env, ...pairsOf(value, {}) } }
    else if (keyword === 'LABEL') this.#image = { ...image, labels: { ...image.labels, ...pairsOf(value, {}) } }
    else if (keyword === 'HEALTHCHECK')
      this.#image = { ...image, healthcheck: wordsOf(value.slice(value.indexOf('CMD ') + 4)) }
  }

  #workdir(path: string): void {
    mkdirSync(join(this.#root, path), { recursive: true })
    this.#image = { ...this.#image, workdir: path }
  }

  /** `COPY [--from=stage] source target`, where a source is a folder whose content is meant, or a file. */
  #copy(text: string): void {
    const [, from, source = '', target = ''] = /^(?:--from=(\S+) )?(\S+) (\S+)$/.exec(text) ?? []
    const root = from ? join(this.place.folder, from, 'root') : this.place.context
    if (from && !this.built.has(from)) throw new Error(`no stage ${from}`)
    const path = join(root, source)
    const to = join(this.#root, this.#image.workdir, target)
    if (!existsSync(path)) throw new Error(`COPY ${text}: there is no ${source}`)
    cpSync(path, statSync(path).isDirectory() ? to : join(to, source), { recursive: true, verbatimSymlinks: true })
  }

  #run(text: string): void {
    const { env, workdir } = this.#image
    const [, cached, command = ''] = /^(?:--mount=type=cache,target=(\S+) )?(.*)$/.exec(text) ?? []
    const cache = cached && join(this.#root, cached)
    if (cache) {
      mkdirSync(cache, { recursive: true })
      run('mount', ['--bind', this.place.npmCache, cache])
    }
    run('chroot', [this.#root, 'sh', '-ec', `cd ${workdir}\n${command}`], { env: { ...env, ...fromOutside() } })
    if (cache) run('umount', [cache])
  }
}

/** How this machine reaches its registry, which a build on Docker is told by its own configuration. */
function fromOutside(): NodeJS.ProcessEnv {
  const { NODE_EXTRA_CA_CERTS } = process.env
  const registry = run('npm', ['config', 'get', 'registry']).trim()
  return { npm_config_registry: registry, ...(NODE_EXTRA_CA_CERTS ? { NODE_EXTRA_CA_CERTS } : {}) }
}
