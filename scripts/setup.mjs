// Installs npm packages, compiles and bundles the console, each only when needed. Plain JavaScript: it runs before anything is installed.
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const modifiedAt = (file) => (existsSync(file) ? statSync(file).mtimeMs : 0)

function run(step, command, args) {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: root, encoding: 'utf8' })
  if (status === 0) return
  process.stderr.write(`${step} failed:\n${stdout ?? ''}${stderr ?? ''}`)
  process.exit(status ?? 1)
}

const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(`Node 20.19 or newer is needed; this is ${process.version}\n`)
  process.exit(1)
}

// npm writes node_modules/.package-lock.json last, so an interrupted installation is repeated
if (modifiedAt(join(root, 'node_modules/.package-lock.json')) < modifiedAt(join(root, 'package-lock.json'))) {
  process.stderr.write('installing npm packages …\n')
  // not `npm ci`: where a registry lacks the binaries of other platforms the lockfile lacks them too, and ci refuses it
  run('npm install', 'npm', ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'])
}
// `npm run check` checks the types: that takes as long as all the rest. A second checker would work out the schemas'
// types once more, which costs more than it brings.
const services = readdirSync(root).filter(
  (name) => name.endsWith('-service') && existsSync(join(root, name, 'tsconfig.json')),
)
const tsc = join(root, 'node_modules/typescript/bin/tsc')
run('tsc -b', process.execPath, [tsc, '-b', '--checkers', '1', '--noCheck', '.', ...services])

const consoleSources = join(root, 'logger-service/console')
const newestSource = [
  join(root, 'package-lock.json'),
  ...readdirSync(consoleSources, { recursive: true }).map((file) => join(consoleSources, file)),
]
  .map(modifiedAt)
  .reduce((newest, time) => Math.max(newest, time), 0)
if (modifiedAt(join(root, 'logger-service/dist/console/index.html')) < newestSource)
  run('the console', process.execPath, [join(consoleSources, 'build.mjs')])
