import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { run } from '../tools/run'
import { install, toolFolder } from '../tools/tools'

const PACKAGE = '@kubernetes-models/cloudnative-pg'
const MODEL = `${PACKAGE}@2.0.0`
const folder = join(toolFolder, 'npm')

// a module, as the package is one: in a process of its own
const SCRIPT = `
const { Cluster } = await import(process.argv[1])
for (const cluster of JSON.parse(process.argv[2])) new Cluster(cluster).validate()
`

/**
 * CloudNativePG's Cluster by a model made from its definition, which no registry has by itself. Throws when a value is of
 * another type or none of those allowed; a name that it does not know passes.
 */
export function checkByModel(clusters: readonly object[]): void {
  install('npm-cloudnative-pg', MODEL, () =>
    run('npm', ['install', '--prefix', folder, '--no-save', '--ignore-scripts', '--silent', MODEL]),
  )
  const model = join(folder, 'node_modules', PACKAGE, 'postgresql.cnpg.io/v1/Cluster.js')
  const values = [pathToFileURL(model).href, JSON.stringify(clusters)]
  run(process.execPath, ['--input-type=module', '--eval', SCRIPT, ...values])
}
