const asyncHooks = require('node:async_hooks')
const { ModernFakeTimers } = require('@jest/fake-timers')
const { ModuleMocker } = require('jest-mock')

const { exit } = process
const { console } = globalThis

/**
 * Jest makes one for each file and leaves it switched on. Every promise then asks all those of earlier files for their
 * value, which after forty files is a tenth of a worker's time.
 */
const storages = new Set()
asyncHooks.AsyncLocalStorage = class extends asyncHooks.AsyncLocalStorage {
  constructor(...options) {
    super(...options)
    storages.add(this)
  }
}

/** Tests run in the global scope of their worker: in a sandbox of their own each look at a global takes its time. */
module.exports = class Environment {
  global = globalThis
  moduleMocker = new ModuleMocker(globalThis)

  constructor({ projectConfig }) {
    this.fakeTimersModern = new ModernFakeTimers({ config: projectConfig, global: globalThis })
  }

  exportConditions() {
    return ['node', 'node-addons']
  }

  /** runtime.cjs never compiles into it. */
  getVmContext() {
    return globalThis
  }

  async setup() {}

  /** Puts back what Jest has replaced for one file. */
  async teardown() {
    this.fakeTimersModern.dispose()
    Object.assign(process, { exit })
    Object.assign(globalThis, { console })
    for (const storage of storages) storage.disable()
    storages.clear()
  }
}
