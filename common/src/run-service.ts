import { ConfigError, EXIT_CONFIG } from './config/read-config'

export interface Runnable {
  start(): Promise<string>
  stop(): Promise<void>
}

// everything below has its own bound; this one is for what nobody thought of
const HARD_STOP_MS = 20_000

/**
 * Starts a service and ends it on SIGTERM or SIGINT after draining. Wrong settings exit 78 with all of them named;
 * an error nobody handled exits 1, since the state of such a process is unknown.
 */
export async function runService(build: () => Promise<Runnable>): Promise<void> {
  // as node --disable-proto=delete: whoever copies keys that came from outside reaches no prototype
  Reflect.deleteProperty(Object.prototype, '__proto__')
  process.on('uncaughtException', die)
  process.on('unhandledRejection', die)
  try {
    const service = await build()
    stopOnSignal(service)
    await service.start()
  } catch (error) {
    die(error)
  }
}

function stopOnSignal(service: Runnable): void {
  let isStopping = false
  const stop = async () => {
    if (isStopping) return
    isStopping = true
    setTimeout(() => process.exit(1), HARD_STOP_MS).unref()
    await service.stop()
    process.exit()
  }
  process.on('SIGTERM', () => stop().catch(die))
  process.on('SIGINT', () => stop().catch(die))
}

function die(error: unknown): void {
  process.stderr.write(
    `${error instanceof ConfigError ? error.message : String(error instanceof Error ? error.stack : error)}\n`,
  )
  process.exit(error instanceof ConfigError ? EXIT_CONFIG : 1)
}
