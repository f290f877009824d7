import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { installMissing } from './apt'
import { find, isExecutable, required } from './binaries'
import { Unavailable } from './infra-error'
import type { Report } from './native'

const NAMES = ['chromium', 'chromium-browser', 'google-chrome']

/** The browser of tests: SHOP_CHROMIUM names one, else Debian's. */
export const chromium = (): string =>
  process.env.SHOP_CHROMIUM || (NAMES.map(find).find(Boolean) ?? required('chromium'))

/** Installs the browser unless there is one. */
export async function installBrowser(report: Report): Promise<void> {
  const named = process.env.SHOP_CHROMIUM
  if (named && !isExecutable(named)) throw new Unavailable(`SHOP_CHROMIUM is ${named}, which nobody can run`)
  if (named || NAMES.some(find)) return
  const logFile = join(tmpdir(), 'order-saga-apt.log')
  const otherwise = () => 'Chromium is not on this machine: install it, or let SHOP_CHROMIUM name it.'
  await installMissing({ chromium: 'chromium' }, { logFile, report, otherwise })
}
