const { createRequire } = require('node:module')
const { compileFunction } = require('node:vm')
const { default: JestRuntime } = require('jest-runtime')

const isOurs = (name) => name.startsWith('.') || name.startsWith('/') || name.startsWith('@order-saga/')
const isJest = (name) => name.startsWith('@jest/')

const compiled = new Map()

/** What a file's modules share with those of the next is code, not state: each calls the function anew. */
function compileOnce(source, filename, parameters) {
  const known = compiled.get(filename)
  if (known?.source === source) return known.evaluate
  const evaluate = compileFunction(source, parameters, { filename })
  compiled.set(filename, { source, evaluate })
  return evaluate
}

/**
 * Packages are loaded by Node itself, once for all the test files of a worker; our own modules by Jest, anew for each
 * file. No test puts a mock in the place of a module, so nothing needs the sandbox that Jest loads all of them into
 * for each file: that took a third of the tests' processor time.
 */
class Runtime extends JestRuntime {
  constructor(...options) {
    super(...options)
    const { executor } = this
    // an inner part of Jest, whose version is pinned: it would compile into a sandbox
    if (typeof executor?.compile !== 'function') throw new Error('jest-runtime compiles modules in another way now')
    executor.compile = (source, filename) => compileOnce(source, filename, executor.injectedModuleParameters)
  }

  requireModuleOrMock(from, name) {
    return isOurs(name) || isJest(name) ? super.requireModuleOrMock(from, name) : createRequire(from)(name)
  }
}

module.exports = { __esModule: true, default: Runtime }
