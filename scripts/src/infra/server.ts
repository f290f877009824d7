import type { Instance } from './instance'
import type { Ports } from './ports'
import type { ProcessSpec, Stopping } from './processes'

/** What `start` and `stop` need to know about one kind of server. */
export interface Server {
  /** Also the name of its pid file, its log and its directory below the data directory. */
  id: string
  title: string
  /** Its directory below the data directory, when that is not called like it. */
  directory?: string
  ports: (keyof Ports)[]
  /** Executables of its processes: all that is ever looked for, or killed, as left over by a crash. */
  executables: string[]
  stopping?: Stopping
  /** Writes the configuration and says what to run. */
  prepare(instance: Instance): Promise<Pick<ProcessSpec, 'command' | 'args' | 'env' | 'user'>>
  isReady(instance: Instance): Promise<boolean>
}
