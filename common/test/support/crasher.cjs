// A product-service that dies of one order, as a process of its own. It runs what was compiled.
const common = require('../../dist')
const { Consumer } = require('../../dist/messaging/consumer')
const { RabbitBus } = require('../../dist/messaging/rabbit-bus')
const { Settler } = require('../../dist/messaging/settler')

const [databaseUrl, url] = process.argv.slice(2)
const service = 'product-service'
const database = new common.Database({ service, url: databaseUrl, poolSize: 3 })
const metrics = new common.Metrics(service)
const log = common.silent
const add = common.statement('add', 'INSERT INTO effects SELECT * FROM unnest($1::uuid[], $2::uuid[])')

const step = common.on(common.orderCreated, function react(book, event) {
  if (event.data.paymentToken === 'tok_kill') process.kill(process.pid, 'SIGKILL')
  book.push(event)
  return common.changed(null)
})
const saga = {
  open: async () => [],
  close: (tx, book) => tx.execute(add, [book.map(({ id }) => id), book.map(({ data }) => data.orderId)]),
  steps: [step],
}
const settler = new Settler({ database, saga, metrics, log })
const consumer = new Consumer({ settler, brokerUserOf: (name) => name, metrics, log })
new RabbitBus({ service, url, heartbeatS: 5, log }).start(consumer)
