import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'

const root = join(__dirname, '../..')
const folder = join(root, '.github/workflows')
const read = (file: string) => readFileSync(join(root, file), 'utf8')

interface Workflow {
  readonly permissions: object
  readonly concurrency: object
  readonly jobs: Readonly<Record<string, { readonly 'timeout-minutes'?: number; readonly permissions?: object }>>
}
const files = readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')] as const)

describe.each(files)('%s', (_name, text) => {
  const workflow = parse(text) as Workflow

  it('may do nothing but what a job says, and no job goes on for ever', () => {
    expect([workflow.permissions, workflow.concurrency]).toEqual([{}, expect.anything()])
    for (const job of Object.values(workflow.jobs))
      expect([job.permissions, job['timeout-minutes']]).toEqual([expect.anything(), expect.any(Number)])
  })

  it('names each action by the commit that was looked at, and its version for people', () => {
    const actions = text.split('\n').filter((line) => /\buses:/.test(line))
    expect(actions.length).toBeGreaterThan(0)
    for (const line of actions) expect(line).toMatch(/uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/)
  })

  it('runs commands that there are', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
    const named = [...text.matchAll(/npm run ([\w:-]+)/g)].map(([, name = '']) => name)
    expect(named.filter((name) => !(name in scripts))).toEqual([])
  })
})

it('releases are built with the Node of the image', () => {
  const [, node] = /^ARG NODE=node:([\d.]+)-/m.exec(read('deploy/Dockerfile')) ?? []
  for (const [, text] of files) expect(text).toContain(`node-version: ${node}`)
})

it('notes of a version that the changelog does not know are an error', () => {
  const notes = () =>
    execFileSync(process.execPath, [join(root, 'scripts/release-notes.mjs'), '99.0.0'], { stdio: 'pipe' })
  expect(notes).toThrow('has no part for version "99.0.0"')
})
