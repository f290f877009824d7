import { randomUUID } from 'node:crypto'
import { RateLimit, type Redis, redisClient, silent } from '@order-saga/common'
import { eventually, servers, TcpProxy } from '@order-saga/common/testing'

const clients: Redis[] = []
const opened = async (url = servers.redisUrl): Promise<Redis> => {
  const redis = redisClient(url, silent)
  clients.push(redis)
  await redis.connect()
  return redis
}
afterAll(() => {
  for (const redis of clients) redis.disconnect()
})

const prefix = `test:${randomUUID()}:`
const quota = { name: 'things', points: 2, windowS: 60 }
const refusedWith = { status: 429, slug: 'rate-limited' }

test('instances count together, each key by itself', async () => {
  const [one, other] = [new RateLimit(await opened(), prefix, quota), new RateLimit(await opened(), prefix, quota)]
  await one.admit('ada')
  await other.admit('ada')
  await expect(one.admit('ada')).rejects.toMatchObject(refusedWith)
  await expect(other.admit('ada')).rejects.toMatchObject(refusedWith)
  await other.admit('bea')
})

test('of many at once no more get through than one after the other', async () => {
  const limit = new RateLimit(await opened(), prefix, quota)
  const tallies = await Promise.all(Array.from({ length: 20 }, () => limit.take('cid')))
  expect(tallies.filter(({ isExceeded }) => !isExceeded)).toHaveLength(2)
})

test('a point that is given back can be taken again', async () => {
  const limit = new RateLimit(await opened(), prefix, quota)
  const tallies = [await limit.take('dan'), await limit.take('dan')]
  await limit.giveBack('dan')
  tallies.push(await limit.take('dan'), await limit.take('dan'))
  expect(tallies.map(({ taken, isExceeded }) => [taken, isExceeded])).toEqual([
    [1, false],
    [2, false],
    [2, false],
    [3, true],
  ])
})

test('a window ends', async () => {
  const limit = new RateLimit(await opened(), prefix, { name: 'short', points: 1, windowS: 1 })
  // on a busy machine it may have ended before anybody is refused
  const refused = await eventually(async () => {
    const key = randomUUID()
    await limit.admit(key)
    await expect(limit.admit(key)).rejects.toMatchObject(refusedWith)
    return key
  })
  await eventually(() => limit.admit(refused))
})

test('one round trip is all it takes', async () => {
  const redis = await opened()
  const limit = new RateLimit(redis, prefix, quota)
  // the first loads the script
  await limit.take('eve')
  const commands: string[] = []
  const send = redis.sendCommand.bind(redis)
  redis.sendCommand = (command, ...rest) => {
    commands.push(command.name)
    return send(command, ...rest)
  }
  await limit.take('eve')
  expect(commands).toEqual(['evalsha'])
})

test('while Redis hangs or is away it goes on counting by itself, and fails nobody', async () => {
  const { hostname, port } = new URL(servers.redisUrl)
  const proxy = await TcpProxy.to(hostname, Number(port))
  const limit = new RateLimit(await opened(proxy.through(servers.redisUrl)), prefix, quota)
  await limit.admit('fay')
  proxy.mode = 'blackhole'
  // what Redis has counted is not known any more
  await limit.admit('fay')
  await limit.admit('fay')
  await expect(limit.admit('fay')).rejects.toMatchObject(refusedWith)
  await proxy.close()
  await expect(limit.admit('fay')).rejects.toMatchObject(refusedWith)
  await limit.giveBack('fay')
  await limit.exhaust('gus', 60)
  await expect(limit.admit('gus')).rejects.toMatchObject(refusedWith)
})
