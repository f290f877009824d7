import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { databaseOf, serviceNames } from '@order-saga/common'
import { fail } from '../fail'
import { cloneRoot, down, freePorts, separateInstance, up } from '../infra'
import { run } from '../tools/run'
import { buildStages, type Image } from './build'
import { copyContext, ignoredBy } from './context'
import { parseDockerfile } from './dockerfile'
import { inspect } from './inspect'
import { baseLayers } from './layers'
import { orderSomething, prepareFromImage, startFromImage, stopAll } from './shop-from-image'
import { bytesIn, megabytes } from './sizes'

const say = (line: string) => process.stdout.write(`${line}\n`)
const read = (file: string) => readFileSync(join(cloneRoot, file), 'utf8')

/** Runs the steps of deploy/Dockerfile on this machine, in root file systems of their own. */
function build(folder: string): Image {
  const buildArgs = { VERSION: '0.0.0-check', REVISION: run('git', ['rev-parse', 'HEAD'], { cwd: cloneRoot }).trim() }
  const stages = parseDockerfile(read('deploy/Dockerfile'), buildArgs)
  const [, node = ''] = /^node:([\d.]+)-bookworm-slim$/.exec(stages[0]?.base ?? '') ?? []
  const context = join(folder, 'context')
  copyContext(cloneRoot, context, ignoredBy(read('.dockerignore')))
  say(`✓ ${megabytes(bytesIn(context))} are sent to the build`)
  const npmCache = run('npm', ['config', 'get', 'cache']).trim()
  mkdirSync(npmCache, { recursive: true })
  const images = buildStages(stages, baseLayers(folder, node), { folder, context, npmCache, buildArgs })
  say(`✓ every step of the Dockerfile, with Node ${node}`)
  const image = images.get('shop')
  if (!image) throw new Error('the Dockerfile has no stage shop')
  return image
}

/** Runs the shop from the image on servers and ports of its own. */
async function tryOut(image: Image, folder: string): Promise<void> {
  const ports = await freePorts(serviceNames.length)
  for (const [at, name] of serviceNames.entries())
    process.env[`SHOP_PORT_${databaseOf(name).toUpperCase()}`] = String(ports[at])
  const instance = await separateInstance('image')
  try {
    await up(say, instance)
    prepareFromImage(image, folder, instance.ports, say)
    const running = await startFromImage(image, folder, instance.ports, say)
    await orderSomething(say).finally(() => stopAll(running, say))
  } finally {
    await down({ volumes: true }, instance)
  }
}

/** npm run image:check: builds the image without Docker, looks into it, runs the shop from it and orders something. */
async function main(): Promise<void> {
  if (process.getuid?.() !== 0) throw new Error('only root may mount what an image is made of')
  const folder = mkdtempSync(join(tmpdir(), 'order-saga-image-'))
  // its own file system: layers may not lie within the system that they are laid upon
  run('mount', ['-t', 'tmpfs', 'tmpfs', folder])
  try {
    const image = build(folder)
    inspect(image, folder, say)
    await tryOut(image, folder)
  } finally {
    run('sh', ['-c', `grep -o ' ${folder}[^ ]*' /proc/mounts | sort -r | xargs -r umount --lazy`])
    rmSync(folder, { recursive: true, force: true })
  }
}

main().catch(fail)
