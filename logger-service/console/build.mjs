// Bundles the console into logger-service/dist/console. Plain JavaScript, like scripts/setup.mjs, which runs it.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const here = dirname(fileURLToPath(import.meta.url))
const out = join(here, '../dist/console')

const { outputFiles } = await build({
  entryPoints: [join(here, 'src/main.tsx')],
  bundle: true,
  minify: true,
  format: 'esm',
  target: ['chrome123', 'firefox121', 'safari17.5'],
  jsx: 'automatic',
  jsxImportSource: 'preact',
  loader: { '.svg': 'file' },
  // named after its content: a browser may keep it for ever
  entryNames: '[name]-[hash]',
  outdir: out,
  legalComments: 'none',
  write: false,
  logLevel: 'warning',
  tsconfig: join(here, 'tsconfig.json'),
})

const nameOf = (extension) => basename(outputFiles.find(({ path }) => path.endsWith(extension)).path)
const page = readFileSync(join(here, 'index.html'), 'utf8')
  .replace('src/style.css', `console/${nameOf('.css')}`)
  .replace('src/main.tsx', `console/${nameOf('.js')}`)

rmSync(out, { recursive: true, force: true })
mkdirSync(out, { recursive: true })
for (const { path, contents } of outputFiles) writeFileSync(path, contents)
writeFileSync(join(out, 'icon.svg'), readFileSync(join(here, 'icon.svg')))
// last: its time says that all is there
writeFileSync(join(out, 'index.html'), page)
