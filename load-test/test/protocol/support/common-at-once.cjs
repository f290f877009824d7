// All that decisions use of the toolkit, as plain values. In what `export *` makes, each name is a getter behind a getter,
// and millions of decisions that are timed in seconds look up several of them; a process that only decides needs no
// server, database or broker.
const parts = ['contracts/index', 'db/tx', 'ids', 'saga/decision', 'saga/saga', 'saga/working-set', 'schemas']

module.exports = Object.assign({}, ...parts.map((part) => require(`../../../../common/src/${part}.ts`)))
