// Migrates one database, as a process of its own that dies where it is told to.
const { armFailpoints, parseFailpoints } = require('../../../../common/dist/failpoint')
const { migrate } = require('../../../../common/dist')
const { participants } = require('../../../../scripts/dist/participants')

const [service, ownerUrl, armed] = process.argv.slice(2)
if (armed) armFailpoints(parseFailpoints(armed))
const { migrations } = participants.find((one) => one.service === service)
migrate(service, ownerUrl, [...migrations]).catch((error) => {
  process.stderr.write(`${error.stack}\n`)
  process.exitCode = 1
})
