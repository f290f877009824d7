import { types } from 'node:util'
import pino, { type DestinationStream, type Logger, type LoggerOptions } from 'pino'
import { tellOf } from './logs/line-of'
import { nobodyTold, type TellLines } from './logs/tell-lines'

const SECRET = ['authorization', 'cookie', 'password', 'token', 'paymentToken', 'refreshToken', 'email']

/**
 * The log of a service: JSON, a line each, on standard output. Whatever a line is given, it shows no secret by these
 * names and no value that an error carries along: those of PostgreSQL and TypeORM quote whole rows and parameters.
 */
export function createLogger(
  service: string,
  level: string,
  destination?: DestinationStream,
  journal: TellLines = nobodyTold,
): Logger {
  const options: LoggerOptions = {
    level,
    base: { service },
    redact: SECRET.flatMap((name) => [name, `*.${name}`]),
    serializers: { err: bare },
    hooks: {
      // warnings and errors go to the journal as well
      logMethod(args, method, number) {
        tellOf(journal, this.bindings(), args, number)
        method.apply(this, args)
      },
    },
  }
  return destination ? pino(options, destination) : pino(options)
}

function bare(error: unknown): unknown {
  // not instanceof: a socket's error may come from another realm, as under Jest
  if (!types.isNativeError(error)) return { message: String(error) }
  const { name: type, message, stack } = error
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined
  return { type, message, code, stack }
}
