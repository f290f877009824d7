// Loaded before a service: its test arms failpoints while it runs, as SHOP_FAILPOINTS does at its start.
const { armFailpoints, parseFailpoints } = require('../../../common/dist/failpoint')

process.on('message', (raw) => {
  armFailpoints(parseFailpoints(raw))
  process.send('armed')
})
// a listener alone keeps no process alive
process.channel.unref()
