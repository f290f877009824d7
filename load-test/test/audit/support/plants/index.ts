import { delivery } from './delivery'
import { endings } from './endings'
import { events } from './events'
import { letters } from './letters'
import { money } from './money'
import type { Plant } from './plant'
import { processes } from './processes'
import { stock } from './stock'

/** One for each way in which the audit can fail, or nearly. */
export const plants: readonly Plant[] = [
  ...money,
  ...stock,
  ...endings,
  ...letters,
  ...events,
  ...delivery,
  ...processes,
]
