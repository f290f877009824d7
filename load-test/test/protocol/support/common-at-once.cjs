// All names as plain values. In what `export *` makes, each is a getter behind a getter, and millions of decisions
// that are timed in seconds look up several of them.
module.exports = { ...require('../../../../common/src/index.ts') }
