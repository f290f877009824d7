import { cpSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { run } from '../tools/run'

// what this machine has of a Debian that an image is made of; everything else is hidden
const SYSTEM = new Set(['bin', 'dev', 'etc', 'lib', 'lib32', 'lib64', 'proc', 'sbin', 'sys', 'tmp', 'usr'])

/** Layers, the lowest first. Each is a folder that holds what it changes, as the layers of an image do. */
export type Layers = readonly string[]

/**
 * Stands for the image that the Dockerfile begins with: this machine's own system, without anybody's files, and with the
 * Node that is asked for. Node comes from npm, where its binaries are packages.
 */
export function baseLayers(folder: string, node: string): Layers {
  const layer = join(folder, 'base')
  mkdirSync(join(layer, 'usr/local/bin'), { recursive: true })
  for (const name of readdirSync('/')) if (!SYSTEM.has(name)) hide(layer, name)
  for (const name of ['local/lib/node_modules', 'lib/node_modules', 'bin/node', 'bin/npm', 'bin/npx', 'bin/corepack'])
    hide(join(layer, 'usr'), name)
  const archive = join(
    folder,
    run('npm', ['pack', '--silent', `node-linux-${process.arch}@${node}`], { cwd: folder }).trim(),
  )
  run('tar', ['-xzf', archive, '-C', folder, 'package/bin/node'])
  cpSync(join(folder, 'package/bin/node'), join(layer, 'usr/local/bin/node'))
  return ['/', layer, npmLayer(folder)]
}

/** By what an overlay takes for a file that was deleted. */
function hide(folder: string, name: string): void {
  mkdirSync(dirname(join(folder, name)), { recursive: true })
  run('mknod', [join(folder, name), 'c', '0', '0'])
}

function npmLayer(folder: string): string {
  const layer = join(folder, 'npm')
  const modules = join(layer, 'usr/local/lib/node_modules')
  mkdirSync(join(layer, 'usr/local/bin'), { recursive: true })
  mkdirSync(join(layer, 'root'))
  cpSync(join(run('npm', ['root', '--global']).trim(), 'npm'), join(modules, 'npm'), { recursive: true })
  for (const name of ['npm', 'npx'])
    symlinkSync(`../lib/node_modules/npm/bin/${name}-cli.js`, join(layer, 'usr/local/bin', name))
  return layer
}

/** Shows layers as one root file system. Without a layer to write into it is read-only. */
export function mountLayers(layers: Layers, at: string, writable?: { upper: string; work: string }): void {
  for (const folder of [at, ...Object.values(writable ?? {})]) mkdirSync(folder, { recursive: true })
  const lower = [...layers].reverse().join(':')
  const upper = writable ? `,upperdir=${writable.upper},workdir=${writable.work}` : ''
  run('mount', ['-t', 'overlay', 'overlay', '-o', `lowerdir=${lower}${upper}`, at])
  run('mount', ['-t', 'proc', 'proc', join(at, 'proc')])
  run('mount', ['--bind', '/dev', join(at, 'dev')])
}
