// node run-typescript.cjs FILE [arguments]: runs a TypeScript program of the tests as it is, so that a test can have one
// calculate on another core.
const { readFileSync } = require('node:fs')
const Module = require('node:module')
const { join, resolve } = require('node:path')
const { transformSync } = require('@swc/core')

const options = { jsc: { target: 'es2023', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } }

require.extensions['.ts'] = (module, filename) =>
  module._compile(transformSync(readFileSync(filename, 'utf8'), { ...options, filename }).code, filename)

const resolveFilename = Module._resolveFilename
Module._resolveFilename = (request, ...rest) =>
  resolveFilename(request === '@order-saga/common' ? join(__dirname, 'common-at-once.cjs') : request, ...rest)

require(resolve(process.argv[2]))
