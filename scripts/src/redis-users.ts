import { redisAcl, redisPrefix } from './infra/redis-acl'
import { passwordOf } from './shop/credentials'

/** The users of a Redis in a container, as the file that it reads: with the passwords of the environment. */
process.stdout.write(redisAcl(redisPrefix(process.env), passwordOf, passwordOf('redis')))
