import type { Statistics } from '../api/answers'
import { duration } from '../view/durations'
import { money, share } from '../view/money'
import { MinuteBars } from './minute-bars'

interface Props {
  readonly statistics: Statistics
  readonly currency: string
}

/** The last hour at a glance. */
export function Numbers({ statistics, currency }: Props) {
  const { placed, paid, cancelled, successRate, averageOrderValueMinor, paymentSuccessRate, msToEnd } = statistics
  return (
    <section class="numbers card" aria-label="The last hour">
      <dl>
        <Figure name="placed" value={String(placed)} />
        <Figure name="paid" value={String(paid)} />
        <Figure name="cancelled" value={String(cancelled)} />
        <Figure name="success" value={successRate === null ? '–' : share(successRate)} />
        <Figure name="payments accepted" value={paymentSuccessRate === null ? '–' : share(paymentSuccessRate)} />
        <Figure
          name="average order"
          value={averageOrderValueMinor === null ? '–' : money(averageOrderValueMinor, currency)}
        />
        <Figure
          name="to the end, p50 · p99"
          value={msToEnd ? `${duration(msToEnd.p50)} · ${duration(msToEnd.p99)}` : '–'}
        />
      </dl>
      <MinuteBars minutes={statistics.byMinute} />
    </section>
  )
}

const Figure = ({ name, value }: { name: string; value: string }) => (
  <div>
    <dt>{name}</dt>
    <dd>{value}</dd>
  </div>
)
