// A whole service without rules of its own, as a process. It runs what was compiled.
const { readConfig, Runtime, runService } = require('../../dist')

runService(async () => {
  const config = readConfig('order-service', [], process.env)
  const runtime = await Runtime.create({ service: 'order-service', about: 'test', config })
  runtime.app.get('/slow', { config: { access: 'public' } }, async () => {
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    return { done: true }
  })
  return runtime
})
