import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { installMissing } from './apt'
import type { Report } from './native'

/** Prometheus and promtool, for tests. No system service is started. */
export async function installPrometheus(report: Report): Promise<void> {
  const logFile = join(tmpdir(), 'order-saga-apt.log')
  const otherwise = () =>
    'Prometheus is not on this machine: install it (Debian and Ubuntu: apt-get install prometheus).'
  await installMissing({ prometheus: 'prometheus' }, { logFile, report, otherwise })
}
